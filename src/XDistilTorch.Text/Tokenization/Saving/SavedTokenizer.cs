using System.Buffers;
using System.Text;

namespace XDistilTorch.Tokenization.Saving;

/// <summary>Writes a tokenizer's folder: everything is checked and laid out before the first file is touched.</summary>
internal static class SavedTokenizer
{
    private const int MostFaults = 5;

    /// <exception cref="TokenizerException">There is no such folder, a file cannot be written, or the files could not hold the tokenizer.</exception>
    public static void Write(BertTokenizer tokenizer, string folder)
    {
        if (!Directory.Exists(folder))
            throw new TokenizerException($"{folder}: there is no such folder to save the tokenizer into. Create it, or give another.");
        var faults = Faults(tokenizer).ToList();
        if (faults.Count > 0)
            throw new TokenizerException(
                $"{folder}: the tokenizer cannot be saved, since what was written could not be read again:\n  {string.Join("\n  ", faults.Take(MostFaults))}\n"
                    + (faults.Count > MostFaults ? $"  and {faults.Count - MostFaults} more\n" : "")
                    + "Make the tokenizer with a vocabulary and options without these."
            );
        var files = new TokenizerContent(tokenizer).Files().ToList();
        foreach (var (name, content) in files)
            Replace(Path.Combine(folder, name), content);
    }

    private static IEnumerable<string> Faults(BertTokenizer tokenizer)
    {
        if (tokenizer.Options.ModelMaxLength is { } length and < 1)
            yield return $"ModelMaxLength is {length}, expected 1 or more, or null";
        for (var id = 0; id < tokenizer.Vocabulary.Count; id++)
            if (Fault(tokenizer.Vocabulary.Piece(id), id) is { } fault)
                yield return $"the piece with id {id} {fault}; expected one line of text a piece";
    }

    private static string? Fault(ReadOnlySpan<char> piece, int id) =>
        piece.IsEmpty ? "is empty"
        : piece.ContainsAny('\n', '\r') ? "holds a line break"
        : id == 0 && piece[0] == '\uFEFF' ? "begins with a byte order mark, which readers of vocab.txt drop"
        : IsUnicode(piece) ? null
        : "holds half a surrogate pair";

    private static bool IsUnicode(ReadOnlySpan<char> piece)
    {
        for (var rest = piece; !rest.IsEmpty; )
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var units) != OperationStatus.Done)
                return false;
            rest = rest[units..];
        }
        return true;
    }

    private static void Replace(string path, byte[] content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException($"{path}: cannot be written: {e.Message}", e);
        }
        finally
        {
            if (File.Exists(temporary)) // not renamed: something went wrong
                File.Delete(temporary);
        }
    }
}
