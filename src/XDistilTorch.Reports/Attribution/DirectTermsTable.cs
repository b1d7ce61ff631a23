using System.Globalization;
using System.Xml.Linq;
using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Reports.Attribution;

/// <summary>The terms of direct attribution by part of the model: each head and each MLP, layer by layer.</summary>
internal static class DirectTermsTable
{
    public static IEnumerable<XElement> Of(DirectTerms terms)
    {
        yield return Html.Text(
            "p",
            $"The sum by part: embeddings {Shade.Signed(terms.Embeddings)}, heads {Shade.Signed(terms.Heads.Sum(layer => layer.Sum()))}, MLPs {Shade.Signed(terms.Mlps.Sum())}, biases {Shade.Signed(terms.Biases)}; error of the sum {Html.Number(Math.Abs(terms.Error), "0.0000")}."
        );
        yield return HeatTable.OfHeads(
            "What each head, and each layer's MLP, writes into the score",
            terms
                .Heads.SelectMany((heads, layer) => heads.Select((term, head) => (Place: (layer, head), term)))
                .ToDictionary(each => each.Place, each => each.term),
            term => term.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture),
            ("MLP", terms.Mlps.Index().ToDictionary(mlp => mlp.Index, mlp => mlp.Item))
        );
    }
}
