using System.CommandLine;
using XDistilTorch.Cli.Commands;
using XDistilTorch.Inspection;

namespace XDistilTorch.Cli.Inspecting;

/// <summary>What every <c>xdistil inspect</c> command over one question takes: the question, its text, the model, which window.</summary>
internal sealed class InspectOptions
{
    private readonly Terminal terminal;
    private readonly OneQuestion asked;
    private readonly Option<int?> window = SharedOptions.OptionalCount("--window", "Which window, from 0 [default: the answer's]", 0);
    private readonly AnsweringOptions answering = new();

    public InspectOptions(Terminal terminal)
    {
        this.terminal = terminal;
        asked = new OneQuestion(terminal);
    }

    public Option<bool> Json { get; } = SharedOptions.Json("Print one JSON object");

    public void AddTo(Command command, bool withJson = true)
    {
        asked.AddTo(command);
        command.Add(window);
        answering.AddTo(command, withTopK: false);
        if (withJson)
            command.Add(Json);
    }

    /// <summary>The options that name one question and a part of it, which a file of questions leaves no meaning.</summary>
    public IReadOnlyList<Option> OfOneQuestion => [.. asked.Options, window, Json];

    /// <summary>The window that was asked for; null: not asked for.</summary>
    public int? Window(ParseResult parsed) => parsed.GetValue(window);

    /// <summary>How questions are to be answered.</summary>
    public AnswerOptions Answers(ParseResult parsed) => answering.Read(parsed);

    /// <summary>Loads the model; the answerer is the caller's to dispose.</summary>
    public QuestionAnswerer LoadModel(ParseResult parsed) => answering.Load(parsed, terminal);

    /// <summary>Loads the model and answers the question; the answerer is the caller's to dispose.</summary>
    /// <exception cref="UsageException">Question or text is missing.</exception>
    public (QuestionAnswerer Answerer, InspectedQuestion Question) Load(ParseResult parsed, CancellationToken stop)
    {
        var question = asked.Asked(parsed);
        var options = Answers(parsed);
        var text = asked.Text(parsed);
        var answerer = LoadModel(parsed);
        try
        {
            return (answerer, InspectedQuestion.Of(answerer, question, text, options, stop));
        }
        catch
        {
            answerer.Dispose();
            throw;
        }
    }
}
