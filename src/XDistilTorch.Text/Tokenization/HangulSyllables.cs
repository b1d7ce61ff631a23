namespace XDistilTorch.Tokenization;

/// <summary>Hangul syllables decompose by arithmetic (the Unicode standard, section 3.12).</summary>
internal static class HangulSyllables
{
    public const int First = 0xAC00;
    public const int Last = 0xD7A3;

    private const int Leading = 0x1100,
        Vowel = 0x1161,
        Trailing = 0x11A7,
        Vowels = 21,
        Trailings = 28;

    /// <summary>Writes the jamo of a syllable.</summary>
    /// <returns>How many: 2 or 3.</returns>
    public static int Decompose(int syllable, Span<int> jamo)
    {
        var number = syllable - First;
        jamo[0] = Leading + number / (Vowels * Trailings);
        jamo[1] = Vowel + number / Trailings % Vowels;
        if (number % Trailings == 0)
            return 2;
        jamo[2] = Trailing + number % Trailings;
        return 3;
    }
}
