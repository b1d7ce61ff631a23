using System.CommandLine;
using XDistilTorch.Data;
using XDistilTorch.Evaluation;
using XDistilTorch.Reports;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil evaluate</c>: the official figures of predictions or a model on a data set, and what is behind them.</summary>
internal sealed class EvaluateCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly Option<string> data = new("--data")
    {
        Description = "Questions with gold answers: SQuAD JSON or rows (JSON lines, JSON array), also .gz",
        HelpName = "FILE",
        Required = true,
    };
    private readonly Option<string?> predictions = SharedOptions.InputFile(
        "--predictions",
        "Predictions: {id: answer}, or answer records, one a line; also .gz"
    );
    private readonly Option<string?> noAnswerScores = SharedOptions.InputFile("--na-probs", "Scores for no answer, {id: number}");
    private readonly Option<double?> noAnswerThreshold = SharedOptions.Number(
        "--na-prob-thresh",
        "No answer where the score is above this [default: 1.0 with --na-probs, else none]"
    );
    private readonly Option<bool> allowMissing = new("--allow-missing")
    {
        Description = "Leave questions without prediction out of the figures (SQuAD 2.0)",
    };
    private readonly Option<string?> version = SharedOptions.OneOf(
        "--version",
        "Whose figures [default: auto, 2.0 where questions may have no answer]",
        "1.1",
        "2.0",
        "auto"
    );
    private readonly Option<string?> compare = SharedOptions.InputFile(
        "--compare",
        "Other predictions to compare with, question by question"
    );
    private readonly Option<string?> report = new("--report") { Description = "Write one HTML page with plots", HelpName = "FILE" };
    private readonly Option<bool> overwrite = new("--overwrite") { Description = "Replace a report that is there" };
    private readonly Option<bool> json = SharedOptions.Json("Print one JSON object");
    private readonly EvaluatedModel model = new();

    public EvaluateCommand(Terminal terminal)
        : base("evaluate", "Hold predictions, or a model, against a data set: official SQuAD figures and what is behind them")
    {
        this.terminal = terminal;
        Option[] own = [data, predictions, noAnswerScores, noAnswerThreshold, allowMissing, version, compare, report, overwrite, json];
        foreach (var option in own.Concat(model.Options))
            Add(option);
        SetAction(Run);
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil evaluate --data dev.json --predictions predictions.json --na-probs null_odds.json",
        "xdistil evaluate --data dev.json.gz --predictions answers.jsonl --compare other.jsonl --json",
        "xdistil evaluate --data dev.json --predictions answers.jsonl --report report.html",
    ];

    private int Run(ParseResult parsed)
    {
        CheckUsage(parsed);
        using var page = parsed.GetValue(report) is { } path ? ReportFile.Create(path, parsed.GetValue(overwrite)) : null;
        var file = parsed.GetValue(data)!;
        var rows = DataCheck.Load(file, DataUse.Evaluate, out var check);
        if (check.Count > 0)
            terminal.Tell(FormattableString.Invariant($"{file}: {check.Count} things are odd; `xdistil data check` lists them"));
        var options = Asked(parsed);
        var evaluated = parsed.GetValue(predictions) is { } given ? PredictionSet.Read(given) : model.Predict(parsed, rows);

        var result = Evaluator.Evaluate(rows, evaluated, options);

        foreach (var note in result.Notes)
            terminal.Tell(note);
        if (parsed.GetValue(json))
            terminal.Output.WriteLine(result.ToJson());
        else
            new EvaluationPrinter(terminal.Pretty).Print(result, file);
        page?.Commit(EvaluationPage.Render(result, Path.GetFileName(file)));
        return ExitCode.Success;
    }

    private EvaluationOptions Asked(ParseResult parsed) =>
        new()
        {
            Version = parsed.GetValue(version) switch
            {
                "1.1" => SquadVersion.V1,
                "2.0" => SquadVersion.V2,
                _ => SquadVersion.Auto,
            },
            NoAnswerScores = parsed.GetValue(noAnswerScores) is { } scores ? NoAnswerScores.Read(scores) : null,
            NoAnswerThreshold = parsed.GetValue(noAnswerThreshold),
            AllowMissing = parsed.GetValue(allowMissing),
            ComparedWith = parsed.GetValue(compare) is { } other ? PredictionSet.Read(other) : null,
        };

    private void CheckUsage(ParseResult parsed)
    {
        Option[] ofPredictions = [noAnswerScores, noAnswerThreshold];
        var isFromFile = parsed.GetValue(predictions) is not null;
        foreach (var option in isFromFile ? model.Options : ofPredictions)
            if (parsed.GetResult(option) is { Implicit: false })
                throw new UsageException(
                    isFromFile
                        ? $"{option.Name} and --predictions exclude each other: predictions are there already."
                        : $"{option.Name} needs --predictions; a model's answers are final (--null-threshold moves the border)."
                );
        if (parsed.GetValue(overwrite) && parsed.GetValue(report) is null)
            throw new UsageException("--overwrite needs --report.");
    }
}
