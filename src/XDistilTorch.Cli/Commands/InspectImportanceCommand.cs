using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using XDistilTorch.Cli.Inspecting;
using XDistilTorch.Data;
using XDistilTorch.Data.Writing;
using XDistilTorch.Formats;
using XDistilTorch.Inspection.Importance;
using XDistilTorch.Training;
using XDistilTorch.Windows;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil inspect importance</c>: which heads the right answers to a file of questions depend on, and which could go.</summary>
internal sealed class InspectImportanceCommand : Command, IHaveExamples
{
    private const int QuestionsByGradient = 1000,
        QuestionsByAblation = 50;

    private readonly Terminal terminal;
    private readonly Option<string> data = new("--data")
    {
        Description = "Questions with their answers",
        HelpName = "FILE",
        Required = true,
    };
    private readonly Option<ImportanceMeasures?> by = SharedOptions.Choice<ImportanceMeasures>(
        "--by",
        "How importance is measured; ablation takes a pass for every head [default: both]"
    );
    private readonly Option<int?> limit = SharedOptions.OptionalCount(
        "--limit",
        $"How many questions, drawn by --seed; 0: all [default: {QuestionsByAblation}; --by gradient: {QuestionsByGradient}]",
        0
    );
    private readonly Option<long> seed = new("--seed")
    {
        Description = "Which questions are drawn",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };
    private readonly Option<int?> least = SharedOptions.OptionalCount(
        "--least",
        "List the N least important heads as model prune --heads takes them",
        1
    );
    private readonly Option<string?> output = new("--output")
    {
        Description = "Write every question's values, JSON lines",
        HelpName = "FILE",
    };
    private readonly Option<bool> overwrite = SharedOptions.Overwrite();
    private readonly Option<string?> model = SharedOptions.Model();
    private readonly Option<string> device = SharedOptions.Device();
    private readonly Option<int?> maxLength = SharedOptions.MaxLength();
    private readonly Option<int?> stride = SharedOptions.Stride();
    private readonly Option<bool> numberRows = SharedOptions.NumberRows();
    private readonly Option<bool> json = SharedOptions.Json("Print one JSON object");

    public InspectImportanceCommand(Terminal terminal)
        : base("importance", "Show how much the right answers to a file of questions depend on each head")
    {
        this.terminal = terminal;
        foreach (var option in new Option[] { data, by, limit, seed, least, output, overwrite })
            Add(option);
        foreach (var option in new Option[] { model, device, maxLength, stride, numberRows, json })
            Add(option);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil inspect importance --data dev.json --by gradient --least 20",
        "xdistil inspect importance --data dev.json --limit 100 --output importance.jsonl --json",
    ];

    private int Run(ParseResult parsed, CancellationToken stop)
    {
        if (parsed.GetValue(overwrite) && parsed.GetValue(output) is null)
            throw new UsageException("--overwrite needs --output.");
        if (parsed.GetValue(output) is { } path)
            OutputFile.Check(path, parsed.GetValue(overwrite));
        var rows = Questions(parsed);
        using var answerer = QuestionAnswerer.FromPretrained(
            ModelFolders.Resolve(parsed.GetValue(model), terminal, stop),
            new LoadingOptions { Device = parsed.GetValue(device)! }
        );
        RefuseTooMany(answerer, parsed.GetValue(least));
        var settings = answerer.Settle(new AnswerOptions { MaxLength = parsed.GetValue(maxLength), Stride = parsed.GetValue(stride) });
        var windows = new WindowOptions(settings.MaxLength, settings.Stride);
        var set = TrainingSet.Build(answerer.Tokenizer, rows, windows, stop);
        Tell(parsed, set);
        using var lines = parsed.GetValue(output) is { } file ? new ReplacedFile(file) : null;
        var summary = Measure(answerer, set, Measures(parsed), lines, stop);
        lines?.Commit();
        var record = ImportanceRecord.Of(answerer.Folder, parsed.GetValue(data)!, summary, set.LeftOut.Count, parsed.GetValue(least));
        if (parsed.GetValue(json))
            terminal.Output.WriteLine(JsonSerializer.Serialize(record, ImportanceJson.OneLine.ImportanceRecord));
        else
            ImportancePrinter.Print(terminal.Pretty, record, parsed.GetValue(least));
        return ExitCode.Success;
    }

    private ImportanceMeasures Measures(ParseResult parsed) => parsed.GetValue(by) ?? ImportanceMeasures.Both;

    private IReadOnlyList<QuestionRow> Questions(ParseResult parsed)
    {
        var file = parsed.GetValue(data)!;
        FileCheck.Readable(file);
        var rows = QuestionFile.Load(file, DataUse.Train, out _, new DataReaderOptions { NumberRows = parsed.GetValue(numberRows) });
        var usual = Measures(parsed) == ImportanceMeasures.Gradient ? QuestionsByGradient : QuestionsByAblation;
        var count = parsed.GetValue(limit) ?? usual;
        if (count == 0 || rows.Count <= count)
            return rows;
        terminal.Tell(
            string.Create(CultureInfo.InvariantCulture, $"{file}: {count:N0} of {rows.Count:N0} questions are drawn (--limit, --seed).")
        );
        return HeadImportance.Draw(rows, count, parsed.GetValue(seed));
    }

    // Before a quarter of an hour of measuring, not after.
    private static void RefuseTooMany(QuestionAnswerer answerer, int? least)
    {
        var config = answerer.Model.Config;
        var heads = Enumerable.Range(0, config.NumHiddenLayers).Sum(config.HeadCount);
        if (least > heads)
            throw new UsageException($"--least is {least}, expected at most {heads}: the model has no more heads.");
    }

    private void Tell(ParseResult parsed, TrainingSet set)
    {
        var file = parsed.GetValue(data)!;
        if (set.Windows.Count == 0)
            throw new DataException(
                set.LeftOut.Count == 0
                    ? $"{file}: holds no question."
                    : $"{file}: none of {Counted.Of(set.Rows.Count, "question")} can be cut into windows: {set.LeftOut[0].Reason}"
            );
        if (set.LeftOut.Count > 0)
            terminal.Tell($"{file}: {Counted.Of(set.LeftOut.Count, "question")} left out; the first: {set.LeftOut[0].Reason}");
        if (set.NotFitting.Count > 0)
            terminal.Tell(
                $"{file}: {Counted.Of(set.NotFitting.Count, "answer")} in no window as a whole; there \"no answer\" counts as right."
            );
    }

    private ImportanceSummary Measure(
        QuestionAnswerer answerer,
        TrainingSet set,
        ImportanceMeasures measures,
        ReplacedFile? lines,
        CancellationToken stop
    )
    {
        var summary = new ImportanceSummary(answerer.Model.Config);
        var importance = new HeadImportance(answerer.Model, answerer.Device, measures);
        var questions = set.Rows.Count - set.LeftOut.Count;
        ProgressDisplay.During(
            terminal,
            0,
            () => questions,
            display =>
            {
                foreach (var question in importance.Over(set, stop))
                {
                    summary.Add(question);
                    if (lines is not null)
                        Write(lines, QuestionImportanceRecord.Of(set.Rows[question.Row].Id, question));
                    display.Report(
                        summary.Questions,
                        _ => string.Create(CultureInfo.InvariantCulture, $"{summary.Questions:N0} of {questions:N0} questions")
                    );
                }
            }
        );
        return summary;
    }

    private static void Write(ReplacedFile lines, QuestionImportanceRecord question)
    {
        JsonSerializer.Serialize(lines.Stream, question, ImportanceJson.OneLine.QuestionImportanceRecord);
        lines.Stream.Write("\n"u8);
    }
}
