namespace XDistilTorch.Tokenization;

/// <summary>
/// WordPiece: a word becomes the longest piece it begins with, then the longest <c>##</c> piece the rest begins with, and so on; a word with a
/// rest that no piece fits, or longer than <see cref="MaxWordLength"/> code points, becomes the unknown token. As the model of the Rust
/// <c>tokenizers</c> library. Immutable, and safe to share between threads.
/// </summary>
public sealed class WordPieceModel
{
    /// <summary>The model over a vocabulary.</summary>
    /// <param name="vocabulary">The pieces.</param>
    /// <param name="unknownId">The id that stands for words that cannot be spelled.</param>
    /// <param name="maxWordLength">The longest word that is split, in code points; 1 to 1000.</param>
    public WordPieceModel(WordPieceVocabulary vocabulary, int unknownId, int maxWordLength = 100)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(unknownId);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(unknownId, vocabulary.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxWordLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxWordLength, 1000);
        Vocabulary = vocabulary;
        UnknownId = unknownId;
        MaxWordLength = maxWordLength;
    }

    /// <summary>The pieces.</summary>
    public WordPieceVocabulary Vocabulary { get; }

    /// <summary>The id of words that cannot be spelled.</summary>
    public int UnknownId { get; }

    /// <summary>The longest word that is split, in code points.</summary>
    public int MaxWordLength { get; }

    /// <summary>The ids of one word, taken as it is: nothing is normalised or split off.</summary>
    public int[] Encode(ReadOnlySpan<char> word)
    {
        if (word.IsEmpty)
            return [];
        var codePoints = 0;
        for (int i = 0, units; i < word.Length; i += units, codePoints++)
            CodePoints.At(word, i, out units);
        if (codePoints > MaxWordLength)
            return [UnknownId];
        var pieces = new int[word.Length];
        var count = Split(word, new int[word.Length], pieces, new int[word.Length]);
        return count == 0 ? [UnknownId] : pieces[..count];
    }

    /// <summary>Splits a word, whatever its length. All spans are as long as the word.</summary>
    /// <param name="word">The word, not empty.</param>
    /// <param name="hashes">Scratch.</param>
    /// <param name="pieces">Takes each piece's id.</param>
    /// <param name="ends">Takes where each piece ends in the word, in UTF-16 units.</param>
    /// <returns>How many pieces; 0: the word cannot be spelled.</returns>
    internal int Split(ReadOnlySpan<char> word, Span<int> hashes, Span<int> pieces, Span<int> ends)
    {
        var count = 0;
        for (var start = 0; start < word.Length; start = ends[count++])
            if (!LongestPiece(word[start..], start > 0, hashes, out pieces[count], out var length))
                return 0;
            else
                ends[count] = start + length;
        return count;
    }

    private bool LongestPiece(ReadOnlySpan<char> rest, bool continues, Span<int> hashes, out int id, out int length)
    {
        var longest = Vocabulary.LongestPiece - (continues ? WordPieceVocabulary.ContinuationPrefix.Length : 0);
        rest = rest[..Math.Clamp(longest, 0, rest.Length)];
        var hash = continues ? WordPieceVocabulary.Continuation : WordPieceVocabulary.StartOfWord;
        for (var i = 0; i < rest.Length; i++)
            hashes[i] = hash = WordPieceVocabulary.Extend(hash, rest[i]);
        for (length = rest.Length; length > 0; length--)
            if ((id = Vocabulary.Find(hashes[length - 1], rest[..length], continues)) >= 0)
                return true;
        id = -1;
        return false;
    }
}
