using System.Globalization;
using System.Xml.Linq;
using XDistilTorch.Inspection.Comparison;

namespace XDistilTorch.Reports.Checkpoints;

/// <summary>How far the parameters moved: the matrices of all layers at a glance, then those that moved most.</summary>
internal static class MovementSection
{
    private const int Most = 15;
    private const string EncoderPrefix = "bert.encoder.",
        LayerPrefix = EncoderPrefix + "layer.";

    private static readonly (string Parameter, string Name)[] Parts =
    [
        ("attention.self.query.weight", "query"),
        ("attention.self.key.weight", "key"),
        ("attention.self.value.weight", "value"),
        ("attention.output.dense.weight", "attention out"),
        ("attention.output.LayerNorm.weight", "LayerNorm 1"),
        ("intermediate.dense.weight", "MLP in"),
        ("output.dense.weight", "MLP out"),
        ("output.LayerNorm.weight", "LayerNorm 2"),
    ];

    public static IEnumerable<XElement> Of(ComparisonSummary summary)
    {
        yield return Html.Text("h2", "Parameters");
        yield return Html.Text("p", ParameterMovement.Note).WithClass("note");
        yield return Layers(summary);
        var moved = summary.Parameters.Where(parameter => parameter.Distance > 0).ToList();
        if (moved.Count == 0)
            yield break;
        yield return Html.Element(
                "div",
                Html.Element("div", Html.Text("h3", "Moved most, of their length"), Table(moved.Take(Most))),
                Html.Element(
                    "div",
                    Html.Text("h3", "Moved most, by distance"),
                    Table(moved.OrderByDescending(parameter => parameter.Distance).Take(Most))
                )
            )
            .WithClass("plots small");
        yield return Html.Text("p", $"Names without {EncoderPrefix}").WithClass("quiet");
    }

    private static string Short(string name) =>
        name.StartsWith(EncoderPrefix, StringComparison.Ordinal) ? name[EncoderPrefix.Length..] : name;

    private static XElement Layers(ComparisonSummary summary)
    {
        var byName = summary.Parameters.ToDictionary(moved => moved.Name, StringComparer.Ordinal);
        double? Of(int layer, string part) =>
            byName.TryGetValue(string.Create(CultureInfo.InvariantCulture, $"{LayerPrefix}{layer}.{part}"), out var moved)
                ? moved.Relative
                : null;
        return HeatTable.Of(
            "Distance of each weight from where it was, in percent of its length",
            "layer",
            [.. Parts.Select(part => part.Name)],
            [
                .. Enumerable
                    .Range(0, summary.Divergence.Count)
                    .Select(layer =>
                        (
                            layer.ToString(CultureInfo.InvariantCulture),
                            (IReadOnlyList<double?>)[.. Parts.Select(part => Of(layer, part.Parameter))]
                        )
                    ),
            ],
            Measures.InPercent
        );
    }

    private static XElement Table(IEnumerable<ParameterMovement> moved) =>
        Html.Table(
            ["parameter", "of its length", "distance"],
            moved.Select(parameter =>
                new[] { Short(parameter.Name), Measures.Percent(parameter.Relative), Measures.Distance(parameter.Distance) }
            )
        );
}
