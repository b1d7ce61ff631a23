using System.Text;
using System.Text.Unicode;

namespace XDistilTorch.Cli;

/// <summary>Text from files and standard input: UTF-8, checked.</summary>
internal static class TextInput
{
    public static string ReadFile(string path)
    {
        if (Directory.Exists(path))
            throw new XDistilException($"{path}: is a folder, expected a file with the text.");
        try
        {
            return Decode(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new XDistilException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    public static string ReadAll(Stream input)
    {
        using var bytes = new MemoryStream();
        input.CopyTo(bytes);
        return Decode(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), "standard input");
    }

    /// <summary>Lines of a stream with their numbers from 1, each checked to be UTF-8.</summary>
    public static IEnumerable<(int Number, string Line)> Lines(Stream input, string name)
    {
        var number = 0;
        // Latin-1 keeps every byte, so that the check sees what was there.
        using var reader = new StreamReader(input, Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
        while (reader.ReadLine() is { } raw)
            yield return (++number, Decode(Encoding.Latin1.GetBytes(raw), $"{name} line {number}"));
    }

    private static string Decode(ReadOnlySpan<byte> bytes, string name)
    {
        var text = bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        if (!Utf8.IsValid(text))
        {
            var scratch = new char[text.Length];
            Utf8.ToUtf16(text, scratch, out var valid, out _, replaceInvalidSequences: false);
            throw new XDistilException(
                $"{name}: byte {valid + bytes.Length - text.Length} (0x{text[valid]:x2}) is not UTF-8. Convert the text, for example with: iconv -f latin1 -t utf-8"
            );
        }
        return Encoding.UTF8.GetString(text);
    }
}
