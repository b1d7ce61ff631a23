namespace XDistilTorch.Reports;

/// <summary>A text in which answers are marked where they first stand.</summary>
internal static class MarkedExcerpt
{
    /// <param name="excerpt">The text.</param>
    /// <param name="gold">What was expected; the first of them that is there is marked.</param>
    /// <param name="answers">What was answered; marked otherwise, and not where it overlaps what is marked already.</param>
    public static IEnumerable<object> Of(string excerpt, IEnumerable<string> gold, params IEnumerable<string?> answers)
    {
        var expected = gold.Select(text => Find(excerpt, text)).FirstOrDefault(span => span.Length > 0);
        var marks = answers
            .Select(answer => (Span: Find(excerpt, answer ?? ""), IsAnswer: true))
            .Prepend((Span: expected, IsAnswer: false));
        var at = 0;
        foreach (var (span, isAnswer) in marks.OrderBy(mark => mark.Span.Start))
        {
            if (span.Length == 0 || span.Start < at) // overlapping: the first one only
                continue;
            yield return Html.Legal(excerpt[at..span.Start]);
            var mark = Html.Text("mark", span.Of(excerpt));
            yield return isAnswer ? mark.WithClass("wrong") : mark;
            at = span.End;
        }
        yield return Html.Legal(excerpt[at..]);
    }

    private static TextSpan Find(string excerpt, string text) =>
        text.Length > 0 && excerpt.IndexOf(text, StringComparison.Ordinal) is var at and >= 0
            ? new TextSpan(at, at + text.Length)
            : default;
}
