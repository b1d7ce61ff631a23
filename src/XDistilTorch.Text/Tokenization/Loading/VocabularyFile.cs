using System.Text.Unicode;

namespace XDistilTorch.Tokenization.Loading;

/// <summary>Reads <c>vocab.txt</c>: a piece a line, whose number from 0 is its id. Blank lines at the end are none.</summary>
internal static class VocabularyFile
{
    public static WordPieceVocabulary Read(TokenizerFile file)
    {
        var text = new char[file.Content.Length];
        Utf8.ToUtf16(file.Content, text, out _, out var length);
        var entries = Lines(text.AsSpan(0, length));
        if (entries.Count == 0)
            throw file.Fault("", "the file is empty, expected one piece a line. Copy it again from where the model came from.");
        var blank = entries.FindIndex(entry => entry.Length == 0);
        if (blank >= 0)
            throw file.Fault(
                $"line {blank + 1}",
                "the line is blank, expected a piece. A blank line would take an id; remove it or restore what stood there."
            );
        if (!WordPieceVocabulary.TryCreate(text, [.. entries], out var vocabulary, out var first, out var second))
            throw file.Fault(
                $"line {second + 1}",
                $"found '{entries[second].Of(new string(text))}' a second time, first in line {first + 1}; expected each piece once. Restore the original file."
            );
        return vocabulary;
    }

    private static List<TextSpan> Lines(ReadOnlySpan<char> text)
    {
        var lines = new List<TextSpan>(text.Length / 8 + 1);
        for (var start = 0; start < text.Length; )
        {
            var length = text[start..].IndexOfAny('\n', '\r');
            var end = length < 0 ? text.Length : start + length;
            lines.Add(new TextSpan(start, end));
            start = end + (end + 1 < text.Length && text[end] == '\r' && text[end + 1] == '\n' ? 2 : 1);
        }
        while (lines.Count > 0 && lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1);
        return lines;
    }
}
