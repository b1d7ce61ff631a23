using System.Globalization;
using System.Xml.Linq;
using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Reports.Attribution;

/// <summary>The terms of direct attribution by part of the model: each head and each MLP, layer by layer.</summary>
internal static class DirectTermsTable
{
    public static IEnumerable<XElement> Of(DirectTerms terms)
    {
        var largest = HeatMap.Largest(terms.Heads.SelectMany(layer => layer).Concat(terms.Mlps));
        yield return Html.Text(
            "p",
            $"The sum by part: embeddings {Shade.Signed(terms.Embeddings)}, heads {Shade.Signed(terms.Heads.Sum(layer => layer.Sum()))}, MLPs {Shade.Signed(terms.Mlps.Sum())}, biases {Shade.Signed(terms.Biases)}; error of the sum {Html.Number(Math.Abs(terms.Error), "0.0000")}."
        );
        var heads = terms.Heads[0].Count;
        var table = Html.Element(
                "table",
                Html.Text("caption", "What each head, and each layer's MLP, writes into the score"),
                Html.Element(
                    "thead",
                    Html.Element(
                        "tr",
                        Enumerable.Range(0, heads).Select(head => $"head {Number(head)}").Prepend("").Append("MLP").Select(Head)
                    )
                ),
                Html.Element("tbody", terms.Heads.Select((layer, number) => Row(number, layer, terms.Mlps[number], largest)))
            )
            .WithClass("heads");
        yield return Html.Element("div", table).WithClass("scroll");
    }

    private static XElement Head(string name) => Html.Text("th", name);

    private static XElement Row(int number, IReadOnlyList<double> heads, double mlp, double largest) =>
        Html.Element(
            "tr",
            Html.Text("th", $"layer {Number(number)}"),
            heads.Append(mlp).Select(value => Cell(value).Shaded(value, largest))
        );

    private static XElement Cell(double value)
    {
        var shown = value.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);
        return shown == "0.00" ? Html.Text("td", shown).WithClass("quiet") : Html.Text("td", shown);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
