using System.CommandLine;
using XDistilTorch.Cli.Commands;
using XDistilTorch.Cli.Inspecting.Measures;
using XDistilTorch.Inspection;

namespace XDistilTorch.Cli.Inspecting.OverData;

/// <summary>What an <c>inspect</c> command takes to measure the questions of a file instead of one.</summary>
/// <param name="terminal">Where its results go.</param>
/// <param name="one">The options of one question.</param>
/// <param name="ofOneQuestion">Options of the command that are of one question too: its page.</param>
internal sealed class DataOptions(Terminal terminal, InspectOptions one, params IReadOnlyList<Option> ofOneQuestion)
{
    private const string Table = ".parquet",
        Lines = ".jsonl";

    private readonly Option<string?> data = new("--data")
    {
        Description = "Questions instead of one: SQuAD JSON, rows as JSON, CSV or Parquet; also .gz or .zst; - for standard input",
        HelpName = "FILE",
    };
    private readonly Option<string?> output = new("--output")
    {
        Description = "Where what is found in --data goes: F.jsonl, F.parquet, or - for standard output",
        HelpName = "FILE",
    };
    private readonly Option<int?> limit = SharedOptions.OptionalCount(
        "--limit",
        "Take N rows of --data only: the first, or with --seed random ones",
        0
    );
    private readonly Option<int?> seed = SharedOptions.OptionalCount("--seed", "Choose the rows of --limit at random", 0);
    private readonly Option<string?> report = new("--report")
    {
        Description = "Write one HTML page: distributions over the questions of --data, and examples",
        HelpName = "FILE",
    };
    private readonly Option<bool> numberRows = SharedOptions.NumberRows();
    private readonly Option<string?> from = FormatNames.Option(
        "--data-format",
        "The data's format, where neither content nor name tells it"
    );

    /// <summary>Whether files may be replaced; of one question's page too.</summary>
    public Option<bool> Overwrite { get; } = SharedOptions.Overwrite();

    public void AddTo(Command command)
    {
        foreach (var option in All)
            command.Add(option);
    }

    /// <summary>Whether a file is to be looked into.</summary>
    /// <exception cref="UsageException">Options for a file are given, but no file.</exception>
    public bool IsAsked(ParseResult parsed)
    {
        if (parsed.GetValue(data) is not null)
            return true;
        var hasPage = ofOneQuestion.Any(option => IsGiven(parsed, option));
        foreach (var option in All)
            if (IsGiven(parsed, option) && !(hasPage && option == Overwrite))
                throw new UsageException(
                    $"{option.Name} needs --data{(option == Overwrite && ofOneQuestion.Count > 0 ? " or --html" : "")}."
                );
        return false;
    }

    /// <summary>Measures the file's questions.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="newMeasure">The measure for a model.</param>
    /// <param name="target">The span that was named; null: each question's answer.</param>
    /// <param name="stop">Ends it after the row before.</param>
    /// <exception cref="UsageException">Options that exclude each other.</exception>
    public int Run<TResult>(
        ParseResult parsed,
        Func<QuestionAnswerer, IMeasure<TResult>> newMeasure,
        string? target,
        CancellationToken stop
    )
    {
        var request = Read(parsed);
        var run = new DataRun(terminal, request);
        run.Check();
        using var answerer = one.LoadModel(parsed);
        var measure = newMeasure(answerer);
        using var _ = measure as IDisposable;
        // A span that is named chooses its window; an answer has one, and "no answer" is decided in one.
        int? Window(InspectedQuestion question) => target is null or SpanReference.NoAnswer ? question.DecidingWindow : null;
        return run.Of(answerer, measure, Window, stop);
    }

    private Option[] All => [data, output, limit, seed, report, Overwrite, numberRows, from];

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private DataRequest Read(ParseResult parsed)
    {
        foreach (var option in one.OfOneQuestion.Concat(ofOneQuestion))
            if (IsGiven(parsed, option))
                throw new UsageException($"{option.Name} and --data exclude each other: {option.Name} is of one question.");
        var file = parsed.GetValue(data)!;
        var to = parsed.GetValue(output) ?? throw new UsageException("--output is missing.");
        if (parsed.GetValue(seed) is not null && parsed.GetValue(limit) is null)
            throw new UsageException("--seed needs --limit: how many rows are to be chosen.");
        if (parsed.GetValue(seed) is not null && file == DataRequest.Standard)
            throw new UsageException("--seed needs a file as --data: standard input cannot be read twice.");
        if (file == DataRequest.Standard && terminal.InputIsKeyboard)
            throw new UsageException("--data is -, but nothing is piped in.");
        return new DataRequest
        {
            Data = file,
            Output = to,
            IsTable = IsTable(to),
            Report = parsed.GetValue(report),
            Overwrite = parsed.GetValue(Overwrite),
            Limit = parsed.GetValue(limit),
            Seed = parsed.GetValue(seed),
            NumberRows = parsed.GetValue(numberRows),
            Format = FormatNames.Parse(parsed.GetValue(from)),
            Answers = one.Answers(parsed),
        };
    }

    private static bool IsTable(string output)
    {
        var ending = Path.GetExtension(output).ToLowerInvariant();
        return ending == Table
            || (
                ending == Lines || output == DataRequest.Standard
                    ? false
                    : throw new UsageException(
                        $"--output is {output}, expected a name that ends in {Lines} or {Table}, or - for standard output."
                    )
            );
    }
}
