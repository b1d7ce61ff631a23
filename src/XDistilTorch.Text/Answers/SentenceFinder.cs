using System.Globalization;

namespace XDistilTorch;

/// <summary>
/// The sentence around an answer, for a reader to judge it by: a slice of the text, found by punctuation alone. In doubt it is rather two
/// sentences than half a one.
/// </summary>
/// <remarks>
/// A sentence ends at <c>. ! ? …</c>, closing quotes and brackets included, before white space; at <c>。！？</c> anywhere; at blank lines,
/// form feeds and the end of the text. Not after abbreviations, initials and the numbers of a list. Same text, same span: same sentence, everywhere.
/// </remarks>
public static class SentenceFinder
{
    /// <summary>
    /// How far a sentence reaches out on either side of the span at most, UTF-16 units. Where it is cut, it is cut between words; only
    /// where there is no white space at all within reach, between any two characters.
    /// </summary>
    public const int Reach = 300;

    /// <summary>The sentence, or the sentences, that <paramref name="span"/> lies in; never ends inside the span, no white space around it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The span is not within the text.</exception>
    public static TextSpan Find(string text, TextSpan span)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegative(span.Start);
        ArgumentOutOfRangeException.ThrowIfLessThan(span.End, span.Start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(span.End, text.Length);

        var lowest = Math.Max(span.Start - Reach, 0);
        var highest = (int)Math.Min((long)span.End + Reach, text.Length);
        var (start, end) = (-1, -1);
        for (var i = lowest; i < highest && end < 0; )
        {
            var next = SentenceEnd.After(text, i, out var isEnd);
            if (isEnd && next <= span.Start)
                start = next;
            else if (isEnd && next >= span.End && next <= highest)
                end = next;
            i = next;
        }

        return Trim(text, start < 0 ? CutBefore(text, lowest, span.Start) : start, end < 0 ? CutAfter(text, highest, span.End) : end, span);
    }

    // The first border between words at or after the limit.
    private static int CutBefore(string text, int limit, int spanStart)
    {
        if (limit == 0)
            return 0;
        for (var i = limit; i <= spanStart; i++)
            if (char.IsWhiteSpace(text[i - 1]))
                return i;
        while (limit < spanStart && IsInsideCharacter(text, limit))
            limit++;
        return limit;
    }

    // The last border between words at or before the limit.
    private static int CutAfter(string text, int limit, int spanEnd)
    {
        if (limit == text.Length)
            return limit;
        for (var i = limit; i >= spanEnd; i--)
            if (char.IsWhiteSpace(text[i]))
                return i;
        while (limit > spanEnd && IsInsideCharacter(text, limit))
            limit--;
        return limit;
    }

    private static bool IsInsideCharacter(string text, int i) =>
        char.IsSurrogatePair(text[i - 1], text[i])
        || CharUnicodeInfo.GetUnicodeCategory(text, i) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    private static TextSpan Trim(string text, int start, int end, TextSpan span)
    {
        while (start < span.Start && char.IsWhiteSpace(text[start]))
            start++;
        while (end > span.End && char.IsWhiteSpace(text[end - 1]))
            end--;
        return new TextSpan(start, end);
    }
}
