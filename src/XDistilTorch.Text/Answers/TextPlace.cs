using System.Buffers;

namespace XDistilTorch;

/// <summary>Where in a text a position is, as people say it.</summary>
/// <param name="Line">Counted from 1; lines end at LF, CR or CR LF.</param>
/// <param name="Column">Counted from 1, in code points, from the start of the line or after a form feed in it.</param>
/// <param name="Page">Counted from 1, pages ending at form feeds; null in a text without any.</param>
public readonly record struct TextPlace(int Line, int Column, int? Page)
{
    private const char FormFeed = '\f';
    private static readonly SearchValues<char> Breaks = SearchValues.Create("\n\r\f");

    /// <summary>The place of a UTF-16 position, in time linear in it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The position is outside the text; its end is inside.</exception>
    public static TextPlace Of(string text, int position)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, text.Length);

        var (line, page, start) = (1, 1, 0);
        for (var next = NextBreak(text, 0); next < position; next = NextBreak(text, next + 1))
        {
            if (text[next] == FormFeed)
                page++;
            else if (IsLineEnd(text, next))
                line++;
            else
                continue;
            start = next + 1;
        }

        var hasPages = page > 1 || text.AsSpan(position).Contains(FormFeed);
        return new TextPlace(line, CodePointsBetween(text, start, position) + 1, hasPages ? page : null);
    }

    /// <summary><c>page 2, line 14, column 3</c>; without the page where there is none.</summary>
    public override string ToString() =>
        FormattableString.Invariant(
            $"{(Page is { } page ? FormattableString.Invariant($"page {page}, ") : "")}line {Line}, column {Column}"
        );

    private static int NextBreak(string text, int from)
    {
        var found = text.AsSpan(from).IndexOfAny(Breaks);
        return found < 0 ? text.Length : from + found;
    }

    // Of CR LF the LF ends the line.
    private static bool IsLineEnd(string text, int i) => text[i] != '\r' || i + 1 == text.Length || text[i + 1] != '\n';

    private static int CodePointsBetween(string text, int start, int end)
    {
        var count = end - start;
        for (var i = start; i + 1 < end; i++)
            if (char.IsSurrogatePair(text[i], text[i + 1]))
                count--;
        return count;
    }
}
