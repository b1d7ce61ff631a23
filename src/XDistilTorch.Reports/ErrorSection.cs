using System.Xml.Linq;
using XDistilTorch.Evaluation;

namespace XDistilTorch.Reports;

/// <summary>The worst errors, each with what one needs to see why.</summary>
internal static class ErrorSection
{
    public static IEnumerable<XElement> Of(EvaluationReport report)
    {
        if (report.Worst.Count == 0)
            yield break;
        yield return Html.Text("h2", "Worst errors");
        yield return Html.Element(
                "p",
                "Where the model was surest and furthest from right. In the text: ",
                Html.Text("mark", "what was expected"),
                ", ",
                Html.Text("mark", "what was answered").WithClass("wrong"),
                "."
            )
            .WithClass("quiet");
        foreach (var error in report.Worst)
            yield return Article(error);
    }

    private static XElement Article(WorstError error)
    {
        var outcome = error.Outcome;
        string[] gold = [.. outcome.GoldTexts.Distinct(StringComparer.Ordinal)];
        return QuestionArticle.Of(
            outcome.Row,
            [
                ("answered", outcome.Prediction is { } text ? QuestionArticle.Answer(text) : "nothing: missing"),
                ("expected", QuestionArticle.Expected(gold)),
            ],
            Figures(outcome),
            MarkedExcerpt.Of(error.Excerpt, gold, outcome.Prediction)
        );
    }

    private static string Figures(QuestionOutcome outcome)
    {
        var figures = $"{outcome.Row.Id}, F1 {Html.Number(outcome.Score.F1)}";
        if (outcome.Confidence is { } confidence)
            figures += $", probability {Html.Number(confidence.Probability, "0.000")}";
        if (outcome.NoAnswerScore is { } score)
            figures += $", no-answer score {Html.Number(score, "0.000")}";
        return figures;
    }
}
