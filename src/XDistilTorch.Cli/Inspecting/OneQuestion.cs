using System.CommandLine;

namespace XDistilTorch.Cli.Inspecting;

/// <summary>The options of commands over one question: the question and its text.</summary>
internal sealed class OneQuestion(Terminal terminal)
{
    private readonly Option<string?> question = new("--question") { Description = "The question", HelpName = "Q" };
    private readonly Option<string?> context = new("--context")
    {
        Description = "The text (else --context-file or standard input)",
        HelpName = "TEXT",
    };
    private readonly Option<string?> contextFile = new("--context-file") { Description = "A file with the text, UTF-8", HelpName = "FILE" };

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> Options => [question, context, contextFile];

    public void AddTo(Command command)
    {
        foreach (var option in Options)
            command.Add(option);
    }

    /// <summary>Whether any of the options is given.</summary>
    public bool IsGiven(ParseResult parsed) => Options.Any(option => parsed.GetResult(option) is not null);

    /// <summary>The question.</summary>
    /// <exception cref="UsageException">It is missing.</exception>
    public string Asked(ParseResult parsed) => parsed.GetValue(question) ?? throw new UsageException("--question is missing.");

    /// <summary>The text, from the options or standard input.</summary>
    /// <exception cref="UsageException">It is missing, or given twice.</exception>
    public string Text(ParseResult parsed)
    {
        if (parsed.GetValue(context) is not null && parsed.GetValue(contextFile) is not null)
            throw new UsageException("--context and --context-file exclude each other.");
        if (parsed.GetValue(context) is { } given)
            return given;
        if (parsed.GetValue(contextFile) is { } file)
            return TextInput.ReadFile(file);
        return terminal.InputIsKeyboard
            ? throw new UsageException("the text is missing: give --context, --context-file or standard input.")
            : TextInput.ReadAll(terminal.Input);
    }
}
