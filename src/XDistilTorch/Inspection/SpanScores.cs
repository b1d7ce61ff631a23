namespace XDistilTorch.Inspection;

/// <summary>All spans of a context by their score, s[a] + e[b].</summary>
internal static class SpanScores
{
    /// <summary>The spans no longer than so many tokens, by their first and then their last token.</summary>
    public static IEnumerable<TokenSpan> All(TokenSpan context, int longest)
    {
        for (var first = context.First; first <= context.Last; first++)
        for (var last = first; last <= Math.Min(context.Last, first + longest - 1); last++)
            yield return new TokenSpan(first, last);
    }

    /// <summary>The best, best first; of equals the earlier one.</summary>
    public static IReadOnlyList<TokenSpan> Best(float[] start, float[] end, TokenSpan context, int longest, int count) =>
        [.. All(context, longest).OrderByDescending(span => Of(start, end, span)).Take(count)];

    /// <summary>The score of one.</summary>
    public static double Of(float[] start, float[] end, TokenSpan span) => (double)start[span.First] + end[span.Last];
}
