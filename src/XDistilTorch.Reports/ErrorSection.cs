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
        return Html.Element(
            "article",
            Html.Element("p", Html.Text("b", outcome.Row.Question)),
            Line(
                "answered",
                outcome.Prediction switch
                {
                    null => "nothing: missing",
                    "" => "no answer",
                    var text => text,
                }
            ),
            Line("expected", gold.Length == 0 ? "no answer" : string.Join(" | ", gold)),
            Html.Text("p", Figures(outcome)).WithClass("quiet"),
            Html.Element("p", Marked(error.Excerpt, gold, outcome.Prediction)).WithClass("context")
        );
    }

    private static XElement Line(string name, string text) =>
        Html.Element("p", Html.Text("span", name + ": ").WithClass("quiet"), Html.Text("span", text));

    private static string Figures(QuestionOutcome outcome)
    {
        var figures = $"{outcome.Row.Id}, F1 {Html.Number(outcome.Score.F1)}";
        if (outcome.Confidence is { } confidence)
            figures += $", probability {Html.Number(confidence.Probability, "0.000")}";
        if (outcome.NoAnswerScore is { } score)
            figures += $", no-answer score {Html.Number(score, "0.000")}";
        return figures;
    }

    private static IEnumerable<object> Marked(string excerpt, string[] gold, string? prediction)
    {
        var expected = gold.Select(text => Find(excerpt, text)).FirstOrDefault(span => span.Length > 0);
        var answered = Find(excerpt, prediction ?? "");
        var at = 0;
        foreach (var (span, isWrong) in new[] { (expected, false), (answered, true) }.OrderBy(mark => mark.Item1.Start))
        {
            if (span.Length == 0 || span.Start < at) // overlapping: the first one only
                continue;
            yield return Html.Legal(excerpt[at..span.Start]);
            var mark = Html.Text("mark", span.Of(excerpt));
            yield return isWrong ? mark.WithClass("wrong") : mark;
            at = span.End;
        }
        yield return Html.Legal(excerpt[at..]);
    }

    private static TextSpan Find(string excerpt, string text) =>
        text.Length > 0 && excerpt.IndexOf(text, StringComparison.Ordinal) is var at and >= 0
            ? new TextSpan(at, at + text.Length)
            : default;
}
