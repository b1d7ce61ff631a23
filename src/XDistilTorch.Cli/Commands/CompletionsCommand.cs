using System.CommandLine;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil completions SHELL</c>: the script that lets a shell complete our commands and options.</summary>
internal sealed class CompletionsCommand : Command, IHaveExamples
{
    // Each asks the tool itself (its [suggest] directive), so that the scripts never fall behind the commands.
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _xdistil() {
                local IFS=$'\n'
                COMPREPLY=($(compgen -W "$(xdistil "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _xdistil xdistil
            """,
        ["zsh"] = """
            #compdef xdistil
            _xdistil() {
                local -a suggestions
                suggestions=("${(@f)$(xdistil "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
                compadd -a suggestions
            }
            compdef _xdistil xdistil
            """,
        ["fish"] = """
            complete -c xdistil -f -a '(xdistil "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
            """,
    };

    private readonly Argument<string> shell = new("shell") { Description = "bash, zsh or fish" };

    public CompletionsCommand(Terminal terminal)
        : base("completions", "Print the script that completes commands and options in a shell")
    {
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        Add(shell);
        SetAction(parsed => terminal.Output.WriteLine(Scripts[parsed.GetRequiredValue(shell)]));
    }

    public IReadOnlyList<string> Examples { get; } =
    ["eval \"$(xdistil completions bash)\"", "xdistil completions fish > ~/.config/fish/completions/xdistil.fish"];
}
