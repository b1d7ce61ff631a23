using System.Text;

namespace XDistilTorch.Cli;

/// <summary>Texts of others on a person's terminal.</summary>
internal static class PlainText
{
    /// <summary>The text on one line, each run of white space one space, control characters (that could steer a terminal) replaced.</summary>
    public static string OnOneLine(string text)
    {
        var shown = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c))
                shown.Append(char.IsControl(c) ? '\uFFFD' : c);
            else if (shown.Length == 0 || shown[^1] != ' ')
                shown.Append(' ');
        }
        return shown.ToString();
    }

    /// <summary>The text with its lines, other control characters replaced.</summary>
    public static string WithoutControls(string text) =>
        text.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? string.Concat(text.Select(c => char.IsControl(c) && c is not ('\n' or '\t') ? '\uFFFD' : c))
            : text;
}
