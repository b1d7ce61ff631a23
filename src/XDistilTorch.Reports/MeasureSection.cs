using System.Globalization;
using System.Xml.Linq;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.OverData;
using XDistilTorch.Reports.Plots;

namespace XDistilTorch.Reports;

/// <summary>One figure of a measure over questions: of the whole model, layer by layer and head by head, as far as it has them.</summary>
internal static class MeasureSection
{
    private const int MostHeads = 8;

    private static readonly string[] Quantiles = ["questions", "mean", "least", "5 %", "25 %", "median", "75 %", "95 %", "greatest"];

    /// <param name="figure">All distributions of the figure.</param>
    /// <param name="name">Unique in the page.</param>
    public static IEnumerable<XElement> Of(IReadOnlyList<KeyValuePair<FigureKey, Distribution>> figure, string name)
    {
        var parts = figure
            .GroupBy(each => Name(each.Key))
            .OrderBy(part => part.Key, StringComparer.Ordinal)
            .Select(part => (Name: part.Key, Values: part.ToList()))
            .ToList();
        var whole = parts
            .Select(part => (part.Name, Values: part.Values.FirstOrDefault(each => each.Key is { Layer: null, Head: null }).Value))
            .Where(part => part.Values is not null)
            .ToList();
        if (whole.Count > 0)
            yield return Table("over questions", whole.Select(part => (part.Name.Length > 0 ? part.Name : "all", part.Values)));
        if (parts.TrueForAll(part => part.Values.TrueForAll(each => each.Key is { Layer: null, Head: null })))
        {
            yield return PlotFigure.Row(
                whole.Select((part, i) => Histogram(part.Values, $"{name}-{i}", part.Name.Length > 0 ? $"{part.Name}: how" : "How"))
            );
            yield break;
        }
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts.Count > 1)
                yield return Html.Text("h3", parts[i].Name);
            foreach (var element in Part(parts[i].Values, $"{name}-{i}"))
                yield return element;
        }
    }

    /// <summary>The method and the group of a figure, in words; "" where it has neither.</summary>
    public static string Name(FigureKey key) => string.Join(": ", new[] { key.Method, key.Group }.OfType<string>());

    /// <summary>A value with three digits behind the point, or where that shows nothing with two of its own.</summary>
    public static string Number(double value) =>
        value.ToString(Math.Abs(value) is 0 or >= 0.001 ? "0.000" : "0.0e0", CultureInfo.InvariantCulture);

    private static IEnumerable<XElement> Part(List<KeyValuePair<FigureKey, Distribution>> values, string name)
    {
        List<XElement> plots = [];
        if (values.FirstOrDefault(each => each.Key is { Layer: null, Head: null }).Value is { } whole)
            plots.Add(Histogram(whole, name, "How"));
        var layers = values
            .Where(each => each.Key is { Layer: not null, Head: null })
            .Select(each => (Layer: each.Key.Layer!.Value, each.Value))
            .OrderBy(each => each.Layer)
            .ToList();
        if (layers.Count > 0)
            plots.Add(PlotFigure.Of(MeasurePlots.ByLayer(layers), $"{name}-layers", "Layer by layer: median and ranges over questions."));
        var heads = values
            .Where(each => each.Key is { Layer: not null, Head: not null })
            .ToDictionary(each => (each.Key.Layer!.Value, each.Key.Head!.Value), each => each.Value);
        if (heads.Count > 0)
        {
            plots.Add(Map("Mean over questions, head by head", heads, head => head.Mean));
            plots.Add(
                Map(
                    "How far questions lie apart: the 95 % quantile minus the 5 % quantile, head by head",
                    heads,
                    head => head.Quantile(0.95) - head.Quantile(0.05)
                )
            );
        }
        yield return PlotFigure.Row(plots);
        if (heads.Count > 0)
            yield return Table(
                "heads furthest from 0",
                heads
                    .OrderByDescending(head => Math.Abs(head.Value.Mean))
                    .ThenBy(head => head.Key)
                    .Take(MostHeads)
                    .Select(head => (FormattableString.Invariant($"layer {head.Key.Item1}, head {head.Key.Item2}"), head.Value))
            );
    }

    private static XElement Histogram(Distribution values, string name, string how) =>
        PlotFigure.Of(MeasurePlots.Histogram(values), $"{name}-histogram", $"{how} many questions have which value.");

    private static XElement Map(string caption, Dictionary<(int, int), Distribution> heads, Func<Distribution, double> figure)
    {
        var values = heads.ToDictionary(head => head.Key, head => figure(head.Value));
        var format = values.Values.Max(Math.Abs) switch
        {
            >= 10 => "0.0;-0.0;0.0", // the third for what rounds to 0: never -0.0
            >= 0.1 => "0.00;-0.00;0.00",
            _ => "0.000;-0.000;0.000",
        };
        return HeatTable.OfHeads(caption, values, value => value.ToString(format, CultureInfo.InvariantCulture));
    }

    private static XElement Table(string title, IEnumerable<(string Name, Distribution Values)> rows) =>
        Html.Table(
            [title, .. Quantiles],
            rows.Select(row =>
                (string[])
                    [
                        row.Name,
                        row.Values.Count.ToString("N0", CultureInfo.InvariantCulture),
                        Number(row.Values.Mean),
                        Number(row.Values.Least),
                        .. new[] { 0.05, 0.25, 0.5, 0.75, 0.95 }.Select(share => Number(row.Values.Quantile(share))),
                        Number(row.Values.Greatest),
                    ]
            )
        );
}
