using System.Runtime.CompilerServices;

namespace XDistilTorch.Tokenization.Loading;

/// <summary>
/// The usual case, fast: <c>tokenizer.json</c> lists the pieces of <c>vocab.txt</c> in the order of their ids, as the libraries write it. Compared byte by
/// byte, that costs a fifth of reading the JSON; whatever looks otherwise is left to the real reader.
/// </summary>
internal static class OrderedVocabularySection
{
    /// <summary>Where the JSON object of the pieces lies, if it holds exactly this vocabulary in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // one pass over the file, at start-up
    public static Range? Find(ReadOnlySpan<byte> json, WordPieceVocabulary vocabulary)
    {
        var key = "\"vocab\""u8;
        var at = json.IndexOf(key);
        if (at < 0)
            return null;
        at += key.Length;
        if (!Take(json, ref at, ':') || !Take(json, ref at, '{'))
            return null;
        var start = at - 1;
        for (var id = 0; id < vocabulary.Count; id++)
        {
            var separated = id == 0 || Take(json, ref at, ',');
            if (!separated || !Take(json, ref at, '"') || !TakePiece(json, ref at, vocabulary.Piece(id)) || !TakeId(json, ref at, id))
                return null;
        }
        return Take(json, ref at, '}') ? start..at : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Take(ReadOnlySpan<byte> json, ref int at, char expected)
    {
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            at++;
        return at < json.Length && json[at++] == expected;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TakePiece(ReadOnlySpan<byte> json, ref int at, ReadOnlySpan<char> piece)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in piece.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\' && (at >= json.Length || json[at++] != '\\'))
                return false;
            var length = rune.EncodeToUtf8(utf8);
            if (rune.Value < ' ' || !json[at..].StartsWith(utf8[..length]))
                return false;
            at += length;
        }
        return at < json.Length && json[at++] == '"';
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TakeId(ReadOnlySpan<byte> json, ref int at, int id)
    {
        Span<byte> digits = stackalloc byte[11];
        id.TryFormat(digits, out var length, default, System.Globalization.CultureInfo.InvariantCulture);
        if (!Take(json, ref at, ':') || !Take(json, ref at, (char)digits[0]) || !json[at..].StartsWith(digits[1..length]))
            return false;
        at += length - 1;
        return true; // a number with more digits has no comma or brace here
    }
}
