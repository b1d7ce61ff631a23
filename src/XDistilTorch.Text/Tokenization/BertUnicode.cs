namespace XDistilTorch.Tokenization;

internal static partial class BertUnicode
{
    /// <summary>Whether this character, after normalisation, is a word of its own.</summary>
    public static bool IsPunctuation(int codePoint) => Contains(Punctuation, codePoint);

    /// <summary>Whether a flat list of sorted ranges (first, last, ...) holds this code point.</summary>
    public static bool Contains(ReadOnlySpan<int> ranges, int codePoint) => Find(ranges, 2, codePoint) >= 0;

    /// <summary>The canonical combining class.</summary>
    public static int CombiningClass(int codePoint) =>
        Find(CombiningClasses, 3, codePoint) is >= 0 and var row ? CombiningClasses[row + 2] : 0;

    /// <summary>Where the row (first, last, ...) that holds this code point begins; -1 if none does.</summary>
    private static int Find(ReadOnlySpan<int> rows, int columns, int codePoint)
    {
        int low = 0,
            high = rows.Length / columns - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (codePoint < rows[columns * middle])
                high = middle - 1;
            else if (codePoint > rows[columns * middle + 1])
                low = middle + 1;
            else
                return columns * middle;
        }
        return -1;
    }
}
