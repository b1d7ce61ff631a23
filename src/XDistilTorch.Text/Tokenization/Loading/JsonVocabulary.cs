using System.Runtime.CompilerServices;
using System.Text.Json;

namespace XDistilTorch.Tokenization.Loading;

/// <summary>The object <c>model.vocab</c> of <c>tokenizer.json</c>, piece by piece.</summary>
internal static class JsonVocabulary
{
    private const int MostIds = 10_000_000; // far above any vocabulary, and small enough for an array

    /// <summary>Reads the object the reader is at the start of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static WordPieceVocabulary Read(ref Utf8JsonReader reader, TokenizerFile file)
    {
        var text = new char[file.Content.Length]; // a character takes at least a byte there
        var entries = new List<TextSpan?>();
        var length = 0;
        while (ReadEntry(ref reader, file, text.AsSpan(length), out var pieceLength, out var id))
        {
            while (entries.Count <= id)
                entries.Add(null);
            var entry = new TextSpan(length, length + pieceLength);
            if (entries[id] is { } taken)
                throw file.Fault(
                    "model.vocab",
                    $"found id {id} twice, for '{Piece(taken)}' and '{Piece(entry)}'; expected each id once. Restore the original file."
                );
            entries[id] = entry;
            length += pieceLength;
        }
        if (entries.Count == 0)
            throw file.Fault("model.vocab", "found no pieces, expected a vocabulary. Restore the original file.");
        var hole = entries.IndexOf(null);
        if (hole >= 0)
            throw file.Fault(
                "model.vocab",
                $"found ids up to {entries.Count - 1} but not {hole}; expected every id from 0 on. Restore the original file."
            );
        if (!WordPieceVocabulary.TryCreate(text, [.. entries.Select(e => e!.Value)], out var vocabulary, out var first, out var second))
            throw file.Fault(
                "model.vocab",
                $"found '{Piece(entries[second]!.Value)}' twice, with ids {first} and {second}; expected each piece once. Restore the original file."
            );
        return vocabulary;

        string Piece(TextSpan entry) => new(text, entry.Start, entry.Length);
    }

    /// <summary>Compares the object the reader is at the start of with a vocabulary.</summary>
    /// <returns>The first difference; null if there is none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static string? Compare(ref Utf8JsonReader reader, TokenizerFile file, WordPieceVocabulary other)
    {
        string? difference = null;
        var seen = new bool[other.Count];
        var count = 0;
        var piece = new char[1024];
        while (ReadEntry(ref reader, file, piece, out var length, out var id))
        {
            count++;
            if (difference is not null)
                continue;
            var found = piece.AsSpan(0, length);
            if (id >= other.Count)
                difference = $"id {id} is '{found}' in {file.Name}, but vocab.txt ends with id {other.Count - 1}";
            else if (!found.SequenceEqual(other.Piece(id)))
                difference = $"id {id} is '{found}' in {file.Name}, '{other.Piece(id)}' in vocab.txt";
            else if (seen[id])
                difference = $"'{found}' is twice in {file.Name}";
            else
                seen[id] = true;
        }
        if (difference is null && count < other.Count)
            difference = $"{file.Name} lacks '{other[Array.IndexOf(seen, false)]}', id {Array.IndexOf(seen, false)} in vocab.txt";
        return difference;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool ReadEntry(ref Utf8JsonReader reader, TokenizerFile file, Span<char> piece, out int length, out int id)
    {
        length = id = 0;
        reader.Read();
        if (reader.TokenType != JsonTokenType.PropertyName)
            return false;
        if (reader.ValueSpan.Length > piece.Length)
            throw file.Fault(
                "model.vocab",
                $"found a piece of {reader.ValueSpan.Length} bytes, expected words and parts of words. Restore the original file."
            );
        try
        {
            length = reader.CopyString(piece);
        }
        catch (InvalidOperationException e)
        {
            throw file.Fault("model.vocab", "found a piece with half a surrogate pair, expected valid text. Restore the original file.", e);
        }
        reader.Read();
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out id) || id is < 0 or >= MostIds)
            throw file.Fault(
                "model.vocab",
                $"found the id {System.Text.Encoding.UTF8.GetString(reader.ValueSpan)} for '{piece[..length]}', expected a whole number from 0 on. Restore the original file."
            );
        return true;
    }
}
