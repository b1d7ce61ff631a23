using System.Collections.Frozen;

namespace XDistilTorch;

/// <summary>English words that are written with a full stop inside a sentence.</summary>
internal static class Abbreviations
{
    // Never a word of their own: never end a sentence, in any case.
    private static readonly FrozenSet<string> Always = Set(
        StringComparer.OrdinalIgnoreCase,
        "dr mr mrs ms mme mlle messrs prof vs cf viz approx esp dept e.g i.e ca resp incl excl"
    );

    // Titles and places, which are also words when not capitalised ("the gen", "one more rep").
    private static readonly FrozenSet<string> Capitalised = Set(
        StringComparer.Ordinal,
        "St Mt Ft Rev Hon Gen Col Maj Sgt Lt Capt Cmdr Adm Gov Sen Rep Pres Supt Fr Sr Br Ph.D"
    );

    // Only before a number: "No. 7" but "He said no."
    private static readonly FrozenSet<string> BeforeNumber = Set(
        StringComparer.OrdinalIgnoreCase,
        "no nos p pp vol vols fig figs eq eqs ch sec art par jan feb mar apr jun jul aug sep sept oct nov dec"
    );

    // May also end a sentence: told apart by what follows.
    private static readonly FrozenSet<string> Sometimes = Set(
        StringComparer.OrdinalIgnoreCase,
        "etc inc ltd co corp jr sr bros al a.m p.m est ave blvd rd b.c a.d"
    );

    /// <summary>Whether the full stop after <paramref name="word"/> belongs to the word and the sentence goes on.</summary>
    /// <param name="word">From the last white space or bracket up to the full stop, without it.</param>
    /// <param name="next">The first character after the full stop and white space.</param>
    public static bool Continues(ReadOnlySpan<char> word, char next) =>
        Contains(Always, word)
        || Contains(Capitalised, word)
        || AreInitials(word)
        || (char.IsAsciiDigit(next) && Contains(BeforeNumber, word))
        || ((char.IsLower(next) || char.IsAsciiDigit(next)) && Contains(Sometimes, word));

    // "J. K.", "U.S.", "J.R.R.": a capital, alone or after further ones with their stops.
    private static bool AreInitials(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < word.Length; i++)
            if (i % 2 == 0 ? !char.IsUpper(word[i]) : word[i] != '.')
                return false;
        return word.Length % 2 == 1;
    }

    private static bool Contains(FrozenSet<string> set, ReadOnlySpan<char> word) =>
        set.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    private static FrozenSet<string> Set(StringComparer comparer, string words) => words.Split(' ').ToFrozenSet(comparer);
}
