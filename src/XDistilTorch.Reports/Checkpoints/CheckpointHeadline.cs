using System.Xml.Linq;
using XDistilTorch.Inspection.Comparison;

namespace XDistilTorch.Reports.Checkpoints;

/// <summary>Which models, over which questions, and the figures to be seen first.</summary>
internal static class CheckpointHeadline
{
    public static IEnumerable<XElement> Of(ComparisonSummary summary, string before, string after, string data)
    {
        yield return Html.Text("h1", $"{before} \u2192 {after}");
        yield return Html.Text(
                "p",
                $"{data}: {Html.Counted(summary.Questions, "question")} in {Html.Counted(summary.Windows, "window")}, the same for both models"
            )
            .WithClass("quiet");
        yield return Card.Row([.. Answers(summary), .. Inside(summary)]);
        if (Scores(summary.Scores) is { } sentence)
            yield return Html.Text("p", sentence).WithClass("quiet");
        if (IsSame(summary))
            yield return Html.Text("p", "Every parameter is the same: these are the same model.").WithClass("note");
    }

    private static IEnumerable<XElement> Answers(ComparisonSummary summary)
    {
        yield return Card.Of(
            "answers changed",
            FormattableString.Invariant($"{summary.Changed:N0}"),
            FormattableString.Invariant($"of {summary.Questions:N0}, {(double)summary.Changed / summary.Questions:0.#%}")
        );
        if (summary.Scores is not { } scores)
            yield break;
        yield return Score("exact match", scores.ExactBefore, scores.ExactAfter);
        yield return Score("F1", scores.F1Before, scores.F1After);
    }

    private static IEnumerable<XElement> Inside(ComparisonSummary summary)
    {
        yield return Card.Of(
            "last hidden states, cosine",
            Html.Number(summary.Similarity[^1].Mean, "0.0000"),
            $"5 % of questions below {Html.Number(summary.Similarity[^1].Low, "0.0000")}"
        );
        var heads = summary.Divergence.SelectMany((row, layer) => row.Select((head, i) => (layer, head: i, head.Mean))).ToList();
        if (heads.Count > 0 && heads.MaxBy(head => head.Mean) is var most)
            yield return Card.Of(
                "attention divergence",
                Measures.Milli(heads.Average(head => head.Mean)) + " mnat",
                $"most in layer {most.layer} head {most.head}: {Measures.Milli(most.Mean)}"
            );
        yield return Card.Of(
            "parameters moved by",
            Measures.Percent(summary.RelativeMovement),
            FormattableString.Invariant(
                $"of their length; {summary.Parameters.Count(moved => moved.Distance > 0)} of {summary.Parameters.Count} tensors"
            )
        );
    }

    private static XElement Score(string name, double before, double after) =>
        Card.Of(name, $"{Html.Number(before)} \u2192 {Html.Number(after)}", Html.Number(after - before, "+0.00;\u22120.00;0.00"));

    private static string? Scores(ComparedScores? scores) =>
        scores is null
            ? null
            : FormattableString.Invariant(
                $"Scores are those of SQuAD 2.0 over {Html.Counted(scores.Questions, "question")} with known answers. Right only before: {scores.McNemar.OnlyFirst:N0}, only after: {scores.McNemar.OnlySecond:N0}; McNemar's exact test: p = {Html.Number(scores.McNemar.PValue, "0.####")}."
            );

    private static bool IsSame(ComparisonSummary summary) => summary.Parameters.All(moved => moved.Distance == 0);
}
