using System.Xml.Linq;
using XDistilTorch.Inspection.OverData;

namespace XDistilTorch.Reports;

/// <summary>The questions for which a figure is least and greatest, with what one needs to see why.</summary>
internal static class MeasureExamples
{
    public static IEnumerable<XElement> Of(IEnumerable<MeasureExtremes> figures)
    {
        foreach (var figure in figures.OrderBy(figure => MeasureSection.Name(figure.Key), StringComparer.Ordinal))
        {
            var of = MeasureSection.Name(figure.Key) is { Length: > 0 } name ? $" ({name})" : "";
            foreach (var (title, examples) in new[] { ("Greatest", figure.Greatest), ("Least", figure.Least) })
            {
                if (examples.Count == 0)
                    continue;
                yield return Html.Text("h3", title + of);
                foreach (var example in examples)
                    yield return Article(example);
            }
        }
    }

    private static XElement Article(MeasureExample example)
    {
        var (row, answer) = (example.Row, example.Answer.Text);
        string[] gold = [.. (row.Answers ?? []).Select(expected => expected.Text).Distinct(StringComparer.Ordinal)];
        List<(string, string)> lines = [("answered", QuestionArticle.Answer(answer))];
        if (row.Answers is not null)
            lines.Add(("expected", QuestionArticle.Expected(gold)));
        return QuestionArticle.Of(
            row,
            lines,
            $"{row.Id}, value {MeasureSection.Number(example.Value)}",
            PlacedExcerpt.Of(row.Context, [.. Places(example)])
        );
    }

    private static IEnumerable<(TextSpan, string)> Places(MeasureExample example)
    {
        foreach (var gold in example.Row.Answers ?? [])
            if (gold.Span is { } span)
                yield return (span, "expected");
        if (example.Answer is { StartUtf16: { } start, EndUtf16: { } end })
            yield return (new TextSpan(start, end), "answered");
    }
}
