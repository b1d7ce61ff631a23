using Microsoft.ML.Tokenizers;

namespace XDistilTorch.Tokenization;

/// <summary>
/// BERT's split of a normalised text into words: at white space, and every punctuation character alone (by the reference's own tables).
/// Ideographs are spaced by <see cref="BertNormalizer"/>, not here. Immutable, and safe to share between threads.
/// </summary>
public sealed class BertPreTokenizer : PreTokenizer
{
    private static readonly CharacterTable Table = CharacterTableBuilder.BuildWithoutNormalization();

    /// <summary>The words of a text as (offset, length) in UTF-16 units.</summary>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => PreTokenize(text.AsSpan());

    /// <summary>The words of a text as (offset, length) in UTF-16 units.</summary>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        var words = new List<(int, int)>();
        var start = 0;
        for (int i = 0, units; i < text.Length; i += units)
        {
            var kind = Table.Of(CodePoints.At(text, i, out units), out _);
            if (kind is not (CharacterKind.Space or CharacterKind.Punctuation))
                continue;
            if (i > start)
                words.Add((start, i - start));
            if (kind == CharacterKind.Punctuation)
                words.Add((i, units));
            start = i + units;
        }
        if (text.Length > start)
            words.Add((start, text.Length - start));
        return words;
    }

    /// <summary>The table behind this split.</summary>
    internal static CharacterTable Characters => Table;
}
