using Microsoft.ML.Tokenizers;

namespace XDistilTorch.Tokenization;

/// <summary>
/// BERT's normaliser, step by step as the Rust <c>tokenizers</c> library does it: clean, space ideographs, decompose into canonical order, drop marks,
/// lower-case. Lone surrogates are dropped, as U+FFFD is, which they become in UTF-8. Immutable, and safe to share between threads.
/// </summary>
/// <remarks>
/// <see cref="BertTokenizer"/> itself uses this only for texts in which a combining mark that stays stands beside marks that are dropped, where
/// order matters; all others take one look-up per character, with the same result.
/// </remarks>
public sealed class BertNormalizer : Normalizer
{
    private readonly BertTokenizerOptions options;

    private static readonly Lazy<Dictionary<int, int[]>> Decompositions = new(() => ReadSequences(BertUnicode.Decompositions));
    private static readonly Lazy<Dictionary<int, int[]>> Lowered = new(ReadLowerCase);

    /// <summary>The normaliser of these options.</summary>
    public BertNormalizer(BertTokenizerOptions options) => this.options = options;

    /// <summary>The normalised text.</summary>
    public override string Normalize(string original) => Normalize(original.AsSpan());

    /// <summary>The normalised text.</summary>
    public override string Normalize(ReadOnlySpan<char> original)
    {
        var characters = NormalizeInSteps(original, 0);
        var normalized = new char[2 * characters.Count];
        var length = 0;
        foreach (var character in characters)
            length += CodePoints.Write(character.CodePoint, normalized.AsSpan(length));
        return new string(normalized, 0, length);
    }

    /// <summary>Whether lower-casing changes a character.</summary>
    internal static bool HasLowerCase(int codePoint) => Lowered.Value.ContainsKey(codePoint);

    /// <summary>Whether cleaning leaves nothing of a character, so that those around it become neighbours.</summary>
    internal static bool IsDropped(int codePoint) =>
        codePoint is >= 0xD800 and < 0xE000 || BertUnicode.Contains(BertUnicode.Removed, codePoint);

    /// <summary>The normalised characters of a text; ideographs come with their spaces.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where in the original the text begins.</param>
    internal List<NormalizedCharacter> NormalizeInSteps(ReadOnlySpan<char> text, int start)
    {
        var characters = Clean(text, start);
        if (options.StripsAccents)
        {
            characters = Decompose(characters);
            characters.RemoveAll(c => BertUnicode.Contains(BertUnicode.Marks, c.CodePoint));
        }
        return options.LowerCase ? LowerCase(characters) : characters;
    }

    private List<NormalizedCharacter> Clean(ReadOnlySpan<char> text, int start)
    {
        var cleaned = new List<NormalizedCharacter>(text.Length);
        for (int i = 0, units; i < text.Length; i += units)
        {
            var c = CodePoints.At(text, i, out units);
            var place = new TextSpan(start + i, start + i + units);
            if (IsDropped(c))
                continue;
            var space = new NormalizedCharacter(' ', place);
            if (BertUnicode.Contains(BertUnicode.Spaces, c))
                cleaned.Add(space);
            else if (options.TokenizeChineseChars && BertUnicode.Contains(BertUnicode.Ideographs, c))
                cleaned.AddRange([space, new(c, place), space]);
            else
                cleaned.Add(new(c, place));
        }
        return cleaned;
    }

    // The reference gives places out in the order in which characters come out of the sorting: the next original character's place to
    // each that replaces one, the last one given to each that a decomposition added. Of marks that change their order, each so gets
    // the other's place.
    private static List<NormalizedCharacter> Decompose(List<NormalizedCharacter> characters)
    {
        var decomposed = new List<NormalizedCharacter>(characters.Count);
        var marks = new List<(int Class, int CodePoint, bool Added)>();
        Span<int> parts = stackalloc int[8];
        var taken = 0;
        foreach (var character in characters)
        {
            var count = Decompose(character.CodePoint, parts);
            for (var i = 0; i < count; i++)
            {
                var combining = BertUnicode.CombiningClass(parts[i]);
                if (combining == 0)
                    Release();
                marks.Add((combining, parts[i], i > 0));
            }
        }
        Release();
        return decomposed;

        void Release()
        {
            foreach (var (_, codePoint, added) in marks.OrderBy(m => m.Class)) // OrderBy is stable
            {
                if (!added)
                    taken++;
                decomposed.Add(new(codePoint, characters[taken - 1].Place));
            }
            marks.Clear();
        }
    }

    internal static int Decompose(int codePoint, Span<int> parts)
    {
        if (codePoint is >= HangulSyllables.First and <= HangulSyllables.Last)
            return HangulSyllables.Decompose(codePoint, parts);
        if (Decompositions.Value.TryGetValue(codePoint, out var sequence))
        {
            sequence.CopyTo(parts);
            return sequence.Length;
        }
        parts[0] = codePoint;
        return 1;
    }

    private static List<NormalizedCharacter> LowerCase(List<NormalizedCharacter> characters)
    {
        var lowered = new List<NormalizedCharacter>(characters.Count);
        foreach (var character in characters)
            if (Lowered.Value.TryGetValue(character.CodePoint, out var sequence))
                foreach (var c in sequence)
                    lowered.Add(character with { CodePoint = c });
            else
                lowered.Add(character);
        return lowered;
    }

    private static Dictionary<int, int[]> ReadSequences(ReadOnlySpan<int> rows)
    {
        var sequences = new Dictionary<int, int[]>();
        for (var i = 0; i < rows.Length; i += 2 + rows[i + 1])
            sequences.Add(rows[i], rows.Slice(i + 2, rows[i + 1]).ToArray());
        return sequences;
    }

    private static Dictionary<int, int[]> ReadLowerCase()
    {
        var lowered = ReadSequences(BertUnicode.LongLowerCase);
        var rows = BertUnicode.LowerCase;
        for (var i = 0; i < rows.Length; i += 4)
        for (var c = rows[i]; c <= rows[i + 1]; c += rows[i + 2])
            lowered.Add(c, [c + rows[i + 3]]);
        return lowered;
    }
}
