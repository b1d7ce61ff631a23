using System.Text;
using System.Text.RegularExpressions;

namespace XDistilTorch.Parity.Documents;

/// <summary>
/// Takes shell text apart into its commands and those into words: quotes, continued lines, remarks, pipes, redirections and assignments before a command. Variables, patterns and
/// substitutions stay as they are written.
/// </summary>
internal sealed partial class ShellCommands
{
    private readonly string text;
    private readonly List<List<string>> commands = [];
    private List<string> words = [];
    private StringBuilder? word;
    private bool isTarget;
    private int at;

    private ShellCommands(string text) => this.text = text;

    /// <summary>The words of each command; no command is empty.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Of(string text)
    {
        var commands = new ShellCommands(text);
        while (commands.at < text.Length)
            commands.Step();
        commands.EndCommand();
        return commands.commands;
    }

    private char Next => at + 1 < text.Length ? text[at + 1] : '\n';

    private void Step()
    {
        switch (text[at])
        {
            case '\\':
                if (Next != '\n')
                    Take(Next.ToString());
                at += 2;
                break;
            case '\'' or '"':
                Quoted(text[at]);
                break;
            case '$' or '<' when Next == '(':
                Substitution();
                break;
            case '#' when word is null:
                at = text.IndexOf('\n', at) is >= 0 and var end ? end : text.Length;
                break;
            case '<' or '>':
                Redirection();
                break;
            case '|' or ';' or '&' or '\n':
                EndCommand();
                at++;
                break;
            case ' ' or '\t':
                EndWord();
                at++;
                break;
            default:
                Take(text[at++].ToString());
                break;
        }
    }

    private void Quoted(char quote)
    {
        var content = new StringBuilder();
        for (at++; text[at] != quote; at++)
        {
            if (quote == '"' && text[at] == '\\' && Next is '"' or '\\' or '$')
                at++;
            content.Append(text[at]);
        }
        at++;
        Take(content.ToString());
    }

    private void Substitution()
    {
        var start = at;
        var depth = 0;
        do
        {
            at++;
            depth +=
                text[at] == '(' ? 1
                : text[at] == ')' ? -1
                : 0;
        } while (depth > 0);
        Take(text[start..++at]);
    }

    // 2>/dev/null, >> keys.txt, <<< text
    private void Redirection()
    {
        if (word?.ToString().All(char.IsAsciiDigit) == true)
            word = null;
        EndWord();
        while (at < text.Length && text[at] is '<' or '>')
            at++;
        isTarget = true;
    }

    private void Take(string part) => (word ??= new StringBuilder()).Append(part);

    private void EndWord()
    {
        if (word is null)
            return;
        if (isTarget)
            isTarget = false;
        else if (words.Count > 0 || !Assignment().IsMatch(word.ToString()))
            words.Add(word.ToString());
        word = null;
    }

    private void EndCommand()
    {
        EndWord();
        isTarget = false;
        if (words.Count > 0)
            commands.Add(words);
        words = [];
    }

    [GeneratedRegex(@"^\w+=")]
    private static partial Regex Assignment();
}
