using System.Xml.Linq;
using XDistilTorch.Inspection.Comparison;

namespace XDistilTorch.Reports.Checkpoints;

/// <summary>Questions with both answers: those that are answered otherwise, and those where most moved.</summary>
internal static class ComparedAnswerSections
{
    private const string Expected = "expected",
        Before = "before",
        After = "after";

    public static IEnumerable<XElement> Changed(ComparisonSummary summary)
    {
        yield return Html.Text("h2", "Answers that changed");
        if (summary.Changed == 0)
        {
            yield return Html.Text("p", "No question is answered otherwise.");
            yield break;
        }
        yield return Legend();
        var shown = summary.ChangedAnswers;
        if (shown.Count < summary.Changed)
            yield return Html.Text(
                    "p",
                    FormattableString.Invariant(
                        $"{shown.Count} of {summary.Changed:N0}, of each kind those first whose F1 changed most; --output has all."
                    )
                )
                .WithClass("quiet");
        foreach (var kind in shown.GroupBy(question => question.ExactChange))
        {
            if (summary.Scores is not null)
                yield return Html.Text(
                    "h3",
                    kind.Key switch
                    {
                        > 0 => "Now right",
                        < 0 => "Now wrong",
                        0 => "As right as before",
                    }
                );
            foreach (var question in kind)
                yield return Article(question);
        }
    }

    public static IEnumerable<XElement> Extremes(ComparisonSummary summary)
    {
        yield return Html.Text("h2", "Where most moved");
        if (summary.Parameters.All(moved => moved.Distance == 0))
        {
            yield return Html.Text("p", "Nothing did.");
            yield break;
        }
        yield return Html.Text("p", AnswerDivergence.Note).WithClass("note");
        yield return Legend();
        (string Name, IReadOnlyList<QuestionComparison> Questions)[] kinds =
        [
            ("Answers placed most differently", summary.AnswersMost),
            ("Hidden states of the last layer least alike", summary.LeastSimilar),
            ("Attention most different, over all heads", summary.AttentionMost),
        ];
        foreach (var (name, questions) in kinds)
        {
            yield return Html.Text("h3", name);
            foreach (var question in questions)
                yield return Article(question);
        }
    }

    private static XElement Legend() =>
        Html.Element(
                "p",
                "In the text: ",
                Html.Text("mark", "what was expected").WithClass(Expected),
                ", the answer ",
                Html.Text("mark", "before").WithClass(Before),
                " and ",
                Html.Text("mark", "after").WithClass(After),
                "."
            )
            .WithClass("quiet");

    private static XElement Article(QuestionComparison question)
    {
        var row = question.Row;
        List<(string, string)> lines = [("before", Answer(question.Before)), ("after", Answer(question.After))];
        if (row.Answers is { } gold)
            lines.Add(("expected", QuestionArticle.Expected([.. gold.Select(answer => answer.Text).Distinct(StringComparer.Ordinal)])));
        return QuestionArticle.Of(row, lines, Figures(question), PlacedExcerpt.Of(row.Context, [.. Places(question)]));
    }

    private static IEnumerable<(TextSpan, string)> Places(QuestionComparison question)
    {
        foreach (var gold in question.Row.Answers ?? [])
            if (gold.Span is { } span)
                yield return (span, Expected);
        foreach (var (compared, name) in new[] { (question.Before, Before), (question.After, After) })
            if (compared.Answer is { StartUtf16: { } start, EndUtf16: { } end })
                yield return (new TextSpan(start, end), name);
    }

    private static string Answer(ComparedAnswer compared)
    {
        var score = compared.Score is { } right ? $", F1 {Html.Number(right.F1)}" : "";
        return $"{QuestionArticle.Answer(compared.Answer.Text)} (score {Html.Number(compared.Answer.Score)}{score})";
    }

    private static string Figures(QuestionComparison question) =>
        $"{question.Row.Id}: last hidden states {Html.Number(question.LastSimilarity, "0.0000")}, attention {Measures.Milli(question.MeanDivergence)} mnat, answer {Measures.Milli(question.AnswerDivergence)} mnat";
}
