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
        foreach (var c in text)
            if (char.IsControl(c) || c is '\u2028' or '\u2029')
                plain.Append(' ');
            else
                (Marks.Contains(c) ? plain.Append('\\') : plain).Append(c);
        return plain.ToString();
    }

    /// <summary>The text in double quotes: a string in JSON, C# and Python, and a quoted scalar in YAML.</summary>
    public static string Quoted(string text) => $"\"{ReadableJsonEncoder.Instance.Encode(text)}\"";

    /// <summary>A row of a table.</summary>
    public static string Row(params IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";
}
