using System.Runtime.CompilerServices;
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
        if (entries.Length == 0)
            throw file.Fault("", "the file is empty, expected one piece a line. Copy it again from where the model came from.");
        if (
            WordPieceVocabulary.TryCreate(text, entries, out var vocabulary, out var first, out var second)
            && !vocabulary.TryGetId("", out first)
        )
            return vocabulary;
        if (entries[first].Length == 0)
            throw file.Fault(
                $"line {first + 1}",
                "the line is blank, expected a piece. A blank line would take an id; remove it or restore what stood there."
            );
        throw file.Fault(
            $"line {second + 1}",
            $"found '{entries[second].Of(new string(text))}' a second time, first in line {first + 1}; expected each piece once. Restore the original file."
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // one pass over all lines, at start-up
    private static TextSpan[] Lines(ReadOnlySpan<char> text)
    {
        var lines = new TextSpan[text.Count('\n') + text.Count('\r') + 1];
        var count = 0;
        for (var start = 0; start < text.Length; )
        {
            var length = text[start..].IndexOfAny('\n', '\r');
            var end = length < 0 ? text.Length : start + length;
            lines[count++] = new TextSpan(start, end);
            start = end + (end + 1 < text.Length && text[end] == '\r' && text[end + 1] == '\n' ? 2 : 1);
        }
        while (count > 0 && lines[count - 1].Length == 0)
            count--;
        return lines[..count];
    }
}
