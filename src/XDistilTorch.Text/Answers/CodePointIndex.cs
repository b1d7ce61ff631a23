namespace XDistilTorch;

/// <summary>
/// Positions of one text in UTF-16 units, as .NET counts, and in code points, as Python and SQuAD's <c>answer_start</c> count.
/// </summary>
/// <remarks>
/// Built in one pass; costs memory only for surrogate pairs, and a text without any is answered at once. A lone surrogate counts as one
/// code point. A position inside a pair belongs to the pair: it maps to the pair's first unit.
/// </remarks>
public sealed class CodePointIndex
{
    // The UTF-16 position of every surrogate pair, ascending.
    private readonly int[] pairs;
    private readonly int length;

    /// <summary>Indexes a text.</summary>
    public CodePointIndex(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        length = text.Length;
        pairs = FindPairs(text);
    }

    /// <summary>How many code points the text has.</summary>
    public int Count => length - pairs.Length;

    /// <summary>The code-point position of a UTF-16 position; the text's length maps to <see cref="Count"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the text.</exception>
    public int ToCodePoint(int utf16)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(utf16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(utf16, length);
        if (pairs.Length == 0)
            return utf16;

        var found = Array.BinarySearch(pairs, utf16);
        // A pair that starts just before is one code point less whether the position is after its first unit or after both.
        return utf16 - (found >= 0 ? found : ~found);
    }

    /// <summary>The UTF-16 position where a code point starts; <see cref="Count"/> maps to the text's length.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the text.</exception>
    public int ToUtf16(int codePoint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(codePoint);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(codePoint, Count);

        // How many pairs stand before it: pair i is code point pairs[i] - i.
        var (low, high) = (0, pairs.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (pairs[middle] - middle < codePoint)
                low = middle + 1;
            else
                high = middle;
        }
        return codePoint + low;
    }

    /// <summary>Both ends of a span in code points.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the text.</exception>
    public (int Start, int End) ToCodePoints(TextSpan span) => (ToCodePoint(span.Start), ToCodePoint(span.End));

    /// <summary>The span from code point <paramref name="start"/> up to, not including, <paramref name="end"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the text.</exception>
    public TextSpan ToSpan(int start, int end) => new(ToUtf16(start), ToUtf16(end));

    private static int[] FindPairs(string text)
    {
        var found = new List<int>();
        for (var i = 0; i < text.Length; )
        {
            var skipped = text.AsSpan(i).IndexOfAnyInRange('\uD800', '\uDBFF');
            if (skipped < 0)
                break;
            i += skipped;
            if (i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                found.Add(i++);
            i++;
        }
        return [.. found];
    }
}
