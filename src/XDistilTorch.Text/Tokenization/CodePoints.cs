namespace XDistilTorch.Tokenization;

/// <summary>Reading a UTF-16 text by code points.</summary>
internal static class CodePoints
{
    /// <summary>The code point at <paramref name="index"/>, and how many UTF-16 units it takes; a lone surrogate is itself, one unit.</summary>
    public static int At(ReadOnlySpan<char> text, int index, out int units)
    {
        var c = text[index];
        if (char.IsHighSurrogate(c) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
        {
            units = 2;
            return char.ConvertToUtf32(c, text[index + 1]);
        }
        units = 1;
        return c;
    }

    /// <summary>The code point that ends before <paramref name="index"/>, and how many UTF-16 units it takes; a lone surrogate is itself, one unit.</summary>
    public static int Before(ReadOnlySpan<char> text, int index, out int units)
    {
        units = index > 1 && char.IsSurrogatePair(text[index - 2], text[index - 1]) ? 2 : 1;
        return units == 2 ? char.ConvertToUtf32(text[index - 2], text[index - 1]) : text[index - 1];
    }

    /// <summary>Writes a code point as UTF-16.</summary>
    /// <returns>How many units: 1 or 2.</returns>
    public static int Write(int codePoint, Span<char> destination)
    {
        if (codePoint < 0x10000)
        {
            destination[0] = (char)codePoint;
            return 1;
        }
        destination[0] = (char)(0xD7C0 + (codePoint >> 10));
        destination[1] = (char)(0xDC00 | (codePoint & 0x3FF));
        return 2;
    }
}
