using System.CommandLine;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil ask</c>: answers questions from one text.</summary>
internal sealed class AskCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly Option<string[]> question = new("--question")
    {
        Description = "The question; may be given several times",
        HelpName = "Q",
    };
    private readonly Option<string?> context = new("--context") { Description = "The text", HelpName = "TEXT" };
    private readonly Option<string?> contextFile = new("--context-file") { Description = "A file with the text, UTF-8", HelpName = "FILE" };
    private readonly AnsweringOptions answering = new();
    private readonly Option<bool> json = SharedOptions.Json("Print JSON Lines: one answer record a question");

    public AskCommand(Terminal terminal)
        : base("ask", "Answer questions from a text; without arguments on a terminal, ask for both")
    {
        this.terminal = terminal;
        foreach (var option in new Option[] { question, context, contextFile })
            Add(option);
        answering.AddTo(this);
        Add(json);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil ask --question \"Who repaired the clock?\" --context-file clock.txt",
        "xdistil ask --question \"Who?\" --question \"When?\" --top-k 3 --json < clock.txt",
        "xdistil ask",
    ];

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var questions = parsed.GetValue(question) ?? [];
        if (parsed.GetValue(context) is not null && parsed.GetValue(contextFile) is not null)
            throw new UsageException("--context and --context-file exclude each other.");
        var options = answering.Read(parsed);
        if (questions.Length == 0 && !terminal.InputIsKeyboard)
            throw new UsageException("--question is missing.");
        var text = Text(parsed, required: questions.Length > 0);
        if (Array.FindIndex(questions, string.IsNullOrWhiteSpace) is var blank and >= 0) // before anything is loaded or answered
            throw new DataException(
                $"question {blank + 1} of {questions.Length}: the question is blank, expected a question such as \"Who repaired the clock?\"."
            );
        if (text is not null && string.IsNullOrWhiteSpace(text))
            throw new DataException($"the text is blank ({Source(parsed)}), expected a text in which the answer may stand.");

        using var answerer = answering.Load(parsed, terminal, answersOnly: true);
        IAnswerPrinter printer = parsed.GetValue(json)
            ? new JsonAnswerPrinter(terminal.Output)
            : new HumanAnswerPrinter(terminal, options.TopK, questions.Length != 1);
        if (questions.Length == 0)
        {
            using var conversation = new Conversation(terminal, answerer, options, printer);
            return Task.FromResult(conversation.Run(text, cancellation));
        }

        // One by one, so that each answer is printed as soon as it is there; the text's windows dominate, not the questions.
        foreach (var each in questions)
        {
            printer.Print(answerer.Answer(each, text!, options, cancellation), text!);
            terminal.Output.Flush();
        }
        return Task.FromResult(ExitCode.Success);
    }

    private string? Text(ParseResult parsed, bool required)
    {
        if (parsed.GetValue(context) is { } given)
            return given;
        if (parsed.GetValue(contextFile) is { } file)
            return TextInput.ReadFile(file);
        if (!terminal.InputIsKeyboard)
            return TextInput.ReadAll(terminal.Input);
        return required ? throw new UsageException("the text is missing: give --context, --context-file or standard input.") : null;
    }

    private string Source(ParseResult parsed) =>
        parsed.GetValue(context) is not null ? "--context" : parsed.GetValue(contextFile) ?? "standard input";
}
