using System.Buffers;
using System.Text;

namespace XDistilTorch.Training;

/// <summary>Names of files and models put into Markdown, whatever characters they have.</summary>
internal static class MarkdownText
{
    private static readonly SearchValues<char> Marks = SearchValues.Create("\\`*_[]<>|~&#$");

    /// <summary>The text as a reader of the page sees it: on one line, nothing in it taken as Markdown.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
            if (char.IsControl(text[i]) || text[i] is '\u2028' or '\u2029')
                plain.Append(' ');
            else
                (Marks.Contains(text[i]) && !IsInsideWord(text, i) ? plain.Append('\\') : plain).Append(text[i]);
        return plain.ToString();
    }

    // Hugging Face's dialect emphasises nothing there, and names with underscores stay readable as text.
    private static bool IsInsideWord(string text, int i) =>
        text[i] == '_' && i > 0 && i + 1 < text.Length && char.IsAsciiLetterOrDigit(text[i - 1]) && char.IsAsciiLetterOrDigit(text[i + 1]);

    /// <summary>The text in double quotes: a string in JSON, C# and Python, and a quoted scalar in YAML.</summary>
    public static string Quoted(string text) => $"\"{ReadableJsonEncoder.Instance.Encode(text)}\"";

    /// <summary>A row of a table.</summary>
    public static string Row(params IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";
}
