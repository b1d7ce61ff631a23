using System.Globalization;
using System.Xml.Linq;
using XDistilTorch.Inspection.Comparison;
using XDistilTorch.Reports.Plots;

namespace XDistilTorch.Reports.Checkpoints;

/// <summary>What moved between question and answer: hidden states layer by layer, attention head by head.</summary>
internal static class InsideSections
{
    public static IEnumerable<XElement> HiddenStates(ComparisonSummary summary)
    {
        yield return Html.Text("h2", "Hidden states");
        yield return Html.Text("p", HiddenSimilarity.Note).WithClass("note");
        yield return PlotFigure.Row([
            PlotFigure.Of(
                CheckpointPlots.Similarity(summary.Similarity),
                "hidden-similarity",
                "Cosine of the two models' hidden states after each layer, mean over the tokens of the text; emb.: the output of the embeddings. 1: they point the same way."
            ),
            Html.Table(
                ["after", "mean", "5 % below", "median", "5 % above"],
                summary.Similarity.Select(
                    (layer, i) =>
                        new[]
                        {
                            i == 0 ? "embeddings" : $"layer {Whole(i - 1)}",
                            Cosine(layer.Mean),
                            Cosine(layer.Low),
                            Cosine(layer.Median),
                            Cosine(layer.High),
                        }
                )
            ),
        ]);
    }

    public static IEnumerable<XElement> Attention(ComparisonSummary summary)
    {
        yield return Html.Text("h2", "Attention");
        yield return Html.Text("p", AttentionDivergence.Note).WithClass("note");
        yield return HeatTable.OfHeads(
            "Jensen-Shannon divergence of each head's attention, mean over queries and questions, in thousandths of a nat (0: the same; 693: nothing in common)",
            summary
                .Divergence.SelectMany((heads, layer) => heads.Select((head, i) => (Place: (layer, i), head.Mean)))
                .ToDictionary(head => head.Place, head => head.Mean),
            Measures.Milli,
            (
                "mean",
                summary
                    .Divergence.Index()
                    .Where(layer => layer.Item.Count > 0)
                    .ToDictionary(layer => layer.Index, layer => layer.Item.Average(head => head.Mean))
            )
        );
    }

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Cosine(double value) => Html.Number(value, "0.0000");
}
