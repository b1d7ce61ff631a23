using System.CommandLine;
using XDistilTorch.Cli.Commands;
using XDistilTorch.Inspection;

namespace XDistilTorch.Cli.Inspecting;

/// <summary>What every <c>xdistil inspect</c> command over one question takes: the question, its text, the model, which window.</summary>
internal sealed class InspectOptions
{
    private readonly Terminal terminal;
    private readonly Option<string?> question = new("--question") { Description = "The question", HelpName = "Q" };
    private readonly Option<string?> context = new("--context")
    {
        Description = "The text (else --context-file or standard input)",
        HelpName = "TEXT",
    };
    private readonly Option<string?> contextFile = new("--context-file") { Description = "A file with the text, UTF-8", HelpName = "FILE" };
    private readonly Option<int?> window = SharedOptions.OptionalCount("--window", "Which window, from 0 [default: the answer's]", 0);
    private readonly AnsweringOptions answering = new();

    public InspectOptions(Terminal terminal) => this.terminal = terminal;

    public Option<bool> Json { get; } = SharedOptions.Json("Print one JSON object");

    public void AddTo(Command command, bool withJson = true)
    {
        foreach (var option in new Option[] { question, context, contextFile, window })
            command.Add(option);
        answering.AddTo(command, withTopK: false);
        if (withJson)
            command.Add(Json);
    }

    /// <summary>The options that name one question and a part of it, which a file of questions leaves no meaning.</summary>
    public IReadOnlyList<Option> OfOneQuestion => [question, context, contextFile, window, Json];

    /// <summary>The window that was asked for; null: not asked for.</summary>
    public int? Window(ParseResult parsed) => parsed.GetValue(window);

    /// <summary>How questions are to be answered.</summary>
    public AnswerOptions Answers(ParseResult parsed) => answering.Read(parsed);

    /// <summary>Loads the model; the answerer is the caller's to dispose.</summary>
    public QuestionAnswerer LoadModel(ParseResult parsed) => answering.Load(parsed);

    /// <summary>Loads the model and answers the question; the answerer is the caller's to dispose.</summary>
    /// <exception cref="UsageException">Question or text is missing.</exception>
    public (QuestionAnswerer Answerer, InspectedQuestion Question) Load(ParseResult parsed, CancellationToken stop)
    {
        var asked = parsed.GetValue(question) ?? throw new UsageException("--question is missing.");
        var options = Answers(parsed);
        var text = Text(parsed);
        var answerer = LoadModel(parsed);
        try
        {
            return (answerer, InspectedQuestion.Of(answerer, asked, text, options, stop));
        }
        catch
        {
            answerer.Dispose();
            throw;
        }
    }

    private string Text(ParseResult parsed)
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
