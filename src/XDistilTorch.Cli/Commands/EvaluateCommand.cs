using System.CommandLine;
using XDistilTorch.Data;
using XDistilTorch.Evaluation;
using XDistilTorch.Formats;
using XDistilTorch.Prediction;
using XDistilTorch.Reports;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil evaluate</c>: the official figures of predictions or a model on a data set, and what is behind them.</summary>
internal sealed class EvaluateCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly Option<string> data = new("--data")
    {
        Description = "Questions with gold answers: SQuAD JSON, rows as JSON, CSV or Parquet; also .gz or .zst",
        HelpName = "FILE",
        Required = true,
    };
    private readonly Option<string?> predictions = InputFile(
        "--predictions",
        "Predictions: {id: answer}, or answer records, one a line; also .gz"
    );
    private readonly Option<string?> noAnswerScores = InputFile("--na-probs", "Scores for no answer, {id: number}; also .gz");
    private readonly Option<double?> noAnswerThreshold = SharedOptions.Number(
        "--na-prob-thresh",
        "No answer where the score is above this [default: 1.0 with --na-probs, else none]",
        "0.5"
    );
    private readonly Option<bool> allowMissing = new("--allow-missing")
    {
        Description = "Leave questions without prediction out of the figures (SQuAD 2.0)",
    };
    private readonly Option<SquadVersion> version = Version();
    private readonly Option<string?> compare = InputFile("--compare", "Other predictions to compare with, question by question");
    private readonly Option<string?> report = new("--report") { Description = "Write one HTML page with plots", HelpName = "FILE" };
    private readonly Option<bool> overwrite = new("--overwrite") { Description = "Replace a report that is there" };
    private readonly Option<bool> json = SharedOptions.Json("Print one JSON object");
    private readonly AnsweringOptions answering = new(DecoderKind.Squad);
    private readonly Option[] ofModel;

    public EvaluateCommand(Terminal terminal)
        : base("evaluate", "Hold predictions, or a model, against a data set: official SQuAD figures and what is behind them")
    {
        this.terminal = terminal;
        Option[] own = [data, predictions, noAnswerScores, noAnswerThreshold, allowMissing, version, compare, report, overwrite, json];
        foreach (var option in own)
            Add(option);
        answering.AddTo(this, withTopK: false);
        ofModel = [.. Options.Except(own)];
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil evaluate --data dev.json --predictions predictions.json --na-probs null_odds.json",
        "xdistil evaluate --data dev.json.gz --predictions answers.jsonl --compare other.jsonl --json",
        "xdistil evaluate --data dev.json --predictions answers.jsonl --report report.html",
    ];

    private int Run(ParseResult parsed, CancellationToken stop)
    {
        CheckUsage(parsed);
        var answers = answering.Read(parsed);
        using var page = parsed.GetValue(report) is { } path ? ReportFile.Create(path, parsed.GetValue(overwrite)) : null;
        var file = parsed.GetValue(data)!;
        var rows = QuestionFile.Load(file, DataUse.Evaluate, out var check);
        if (check.Count > 0)
            terminal.Tell(FormattableString.Invariant($"{file}: things that are odd: {check.Count}; `xdistil data check` lists them"));
        var options = Asked(parsed);
        var evaluated = parsed.GetValue(predictions) is { } given ? PredictionSet.Read(given) : Predict(parsed, rows, answers, stop);

        var result = Evaluator.Evaluate(rows, evaluated, options);

        page?.Commit(EvaluationPage.Render(result, Path.GetFileName(file)));
        foreach (var note in result.Notes)
            terminal.Tell(note);
        if (parsed.GetValue(json))
            terminal.Output.WriteLine(result.ToJson());
        else
            new EvaluationPrinter(terminal.Pretty).Print(result, file);
        return ExitCode.Success;
    }

    private EvaluationOptions Asked(ParseResult parsed) =>
        new()
        {
            Version = parsed.GetValue(version),
            NoAnswerScores = parsed.GetValue(noAnswerScores) is { } scores ? NoAnswerScores.Read(scores) : null,
            NoAnswerThreshold = parsed.GetValue(noAnswerThreshold),
            AllowMissing = parsed.GetValue(allowMissing),
            ComparedWith = parsed.GetValue(compare) is { } other ? PredictionSet.Read(other) : null,
        };

    private void CheckUsage(ParseResult parsed)
    {
        Option[] ofPredictions = [noAnswerScores, noAnswerThreshold];
        var isFromFile = parsed.GetValue(predictions) is not null;
        foreach (var option in isFromFile ? ofModel : ofPredictions)
            if (parsed.GetResult(option) is { Implicit: false })
                throw new UsageException(
                    isFromFile
                        ? $"{option.Name} and --predictions exclude each other: predictions are there already."
                        : $"{option.Name} needs --predictions; a model's answers are final (--null-threshold moves the border)."
                );
        if (parsed.GetValue(overwrite) && parsed.GetValue(report) is null)
            throw new UsageException("--overwrite needs --report.");
    }

    private PredictionSet Predict(ParseResult parsed, IReadOnlyList<QuestionRow> rows, AnswerOptions how, CancellationToken stop)
    {
        using var answerer = answering.Load(parsed, terminal, answersOnly: true);
        var predictor = new Predictor(answerer, how, new PredictorOptions { DataName = parsed.GetValue(data) });
        var (answers, failed, windows) = (new List<PredictedAnswer>(rows.Count), 0, 0L);
        ProgressDisplay.During(
            terminal,
            0,
            () => rows.Count,
            progress =>
            {
                foreach (var chunk in predictor.Run(rows.Select(row => new DataItem(row, [])), stop))
                {
                    foreach (var row in chunk.Rows)
                    {
                        windows += row.Windows;
                        if (row.Answer is { } answer)
                            answers.Add(PredictedAnswer.Of(answer, row.Windows) with { NoAnswerScore = row.NullOdds });
                        else
                            failed++;
                    }
                    progress.Report(chunk.RowsThrough, windows);
                }
            }
        );
        stop.ThrowIfCancellationRequested();
        return PredictionSet.Of(answerer.Folder, answers, failed);
    }

    private static Option<string?> InputFile(string name, string description) => new(name) { Description = description, HelpName = "FILE" };

    private static Option<SquadVersion> Version()
    {
        var option = new Option<SquadVersion>("--version")
        {
            Description = "Whose figures [default: auto, 2.0 where questions may have no answer]",
            HelpName = "1.1|2.0|auto",
            CustomParser = result =>
            {
                switch (result.Tokens[0].Value)
                {
                    case "1.1":
                        return SquadVersion.V1;
                    case "2.0":
                        return SquadVersion.V2;
                    case "auto":
                        return SquadVersion.Auto;
                    case var given:
                        result.AddError($"--version is {given}, expected 1.1, 2.0 or auto.");
                        return default;
                }
            },
        };
        option.CompletionSources.Add("1.1", "2.0", "auto");
        return option;
    }
}
