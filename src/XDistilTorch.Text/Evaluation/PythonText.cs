using System.Globalization;
using System.Text;

namespace XDistilTorch.Evaluation;

/// <summary>
/// What Python's <c>str.lower</c>, <c>\w</c> and <c>str.split</c> make of a text. .NET's own differ: its lower case is one to one, its <c>\w</c>
/// has marks and connectors but no numbers other than digits and works on UTF-16 units, its white space lacks U+001C to U+001F.
/// </summary>
internal static class PythonText
{
    private const char CapitalSigma = '\u03a3';
    private const char CapitalDottedI = '\u0130';

    /// <summary>Lower case with the two mappings that depend on more than the character: dotted capital I and the final sigma.</summary>
    public static string Lower(string text)
    {
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        var lower = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; )
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune))
                lower.Append(text[i++]); // a lone surrogate
            else
            {
                AppendLower(lower, text, i, rune);
                i += rune.Utf16SequenceLength;
            }
        }
        return lower.ToString();
    }

    /// <summary>How many UTF-16 units from <paramref name="start"/> on are word characters: letters, numbers of every kind and "_".</summary>
    public static int WordLength(string text, int start)
    {
        var i = start;
        while (i < text.Length && Rune.TryGetRuneAt(text, i, out var rune) && IsWord(rune))
            i += rune.Utf16SequenceLength;
        return i - start;
    }

    /// <summary>Whether <c>str.split</c> splits here; all such characters are single UTF-16 units.</summary>
    public static bool IsWhiteSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001c' and <= '\u001f';

    private static bool IsWord(Rune rune) =>
        rune.Value == '_'
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.UppercaseLetter
                or UnicodeCategory.LowercaseLetter
                or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.OtherLetter
                or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.LetterNumber
                or UnicodeCategory.OtherNumber;

    private static void AppendLower(StringBuilder lower, string text, int at, Rune rune)
    {
        if (rune.Value == CapitalDottedI)
            lower.Append("i\u0307");
        else if (rune.Value == CapitalSigma)
            lower.Append(IsFinal(text, at) ? '\u03c2' : '\u03c3');
        else
            lower.Append(Rune.ToLowerInvariant(rune).ToString());
    }

    // A cased letter before and none after; what is case-ignorable counts as not there.
    private static bool IsFinal(string text, int sigma) =>
        Neighbour(text, sigma, -1) is { } before && IsCased(before) && !(Neighbour(text, sigma, 1) is { } after && IsCased(after));

    private static Rune? Neighbour(string text, int sigma, int step)
    {
        for (var i = sigma + step; i >= 0 && i < text.Length; i += step)
        {
            if (step < 0 && i > 0 && char.IsSurrogatePair(text, i - 1))
                i--;
            if (!Rune.TryGetRuneAt(text, i, out var rune))
                return null; // a lone surrogate has no case and is not ignorable
            if (!IsCaseIgnorable(rune))
                return rune;
            if (step > 0)
                i += rune.Utf16SequenceLength - 1;
        }
        return null;
    }

    private static bool IsCaseIgnorable(Rune rune) =>
        rune.Value
            is '\''
                or '.'
                or ':'
                or 0xB7
                or 0x387
                or 0x55F
                or 0x5F4
                or 0x2018
                or 0x2019
                or 0x2024
                or 0x2027
                or 0xFE13
                or 0xFE52
                or 0xFE55
                or 0xFF07
                or 0xFF0E
                or 0xFF1A
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.Format
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.ModifierSymbol;

    // Of those that are not ignorable: letters with case, the two ordinal indicators, Roman numerals, circled and squared letters.
    private static bool IsCased(Rune rune) =>
        rune.Value
            is 0xAA
                or 0xBA
                or (>= 0x2160 and <= 0x217F)
                or (>= 0x24B6 and <= 0x24E9)
                or (>= 0x1F130 and <= 0x1F149)
                or (>= 0x1F150 and <= 0x1F169)
                or (>= 0x1F170 and <= 0x1F189)
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.UppercaseLetter
                or UnicodeCategory.LowercaseLetter
                or UnicodeCategory.TitlecaseLetter;
}
