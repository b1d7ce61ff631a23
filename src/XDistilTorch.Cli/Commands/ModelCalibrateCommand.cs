using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using XDistilTorch.Calibrating;
using XDistilTorch.Data;
using XDistilTorch.Decoding;
using XDistilTorch.Formats;
using XDistilTorch.Prediction;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil model calibrate</c>: fits what the <c>calibrated</c> decoder's probabilities need, and tells how good they are.</summary>
internal sealed class ModelCalibrateCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly Option<string> data = new("--data")
    {
        Description = "Questions with their answers, some without one; those that are fitted on",
        HelpName = "FILE",
        Required = true,
    };
    private readonly Option<string?> testData = new("--test-data")
    {
        Description = "Other questions, to report on; calibration.json states the errors and F1 of these",
        HelpName = "FILE",
    };
    private readonly Option<double?> testShare = SharedOptions.Number(
        "--test-share",
        "Set this share of --data apart to report on, by article, or by context where there are no titles",
        "0.5"
    );
    private readonly Option<long> seed = new("--seed")
    {
        Description = "Of --test-share and of the longer texts",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };
    private readonly Option<string?> model = SharedOptions.Model();
    private readonly Option<string> device = SharedOptions.Device();
    private readonly Option<int?> maxLength = SharedOptions.MaxLength();
    private readonly Option<int?> stride = SharedOptions.Stride();
    private readonly Option<int?> maxAnswerLength = SharedOptions.OptionalCount(
        "--max-answer-length",
        "Longest answer, in tokens [default: 30]",
        1
    );
    private readonly Option<bool> numberRows = SharedOptions.NumberRows();
    private readonly Option<bool> oneTemperature = new("--one-temperature")
    {
        Description = "Fit one temperature for spans and no answer, instead of one each",
    };
    private readonly Option<string> reportWindows = new("--report-windows")
    {
        Description = "Ask again over texts of about so many windows, made of other contexts; 1: the contexts as they are",
        HelpName = "N,N",
        DefaultValueFactory = _ => "1,4,16",
    };
    private readonly Option<int> reportQuestions = SharedOptions.Count(
        "--report-questions",
        "How many questions are asked again; 0: none",
        0,
        200
    );
    private readonly Option<string?> output = new("--output")
    {
        Description = $"Where the calibration goes [default: {Calibration.FileName} in the model folder]",
        HelpName = "FILE",
    };
    private readonly Option<bool> overwrite = new("--overwrite") { Description = "Replace a calibration that is there" };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Fit and report, write nothing" };
    private readonly Option<bool> json = SharedOptions.Json("Print the report as one JSON object");

    public ModelCalibrateCommand(Terminal terminal)
        : base("calibrate", "Fit temperature and no-answer threshold, so that probabilities mean what they say")
    {
        this.terminal = terminal;
        foreach (
            var option in new Option[] { data, testData, testShare, seed, model, device, maxLength, stride, maxAnswerLength, numberRows }
        )
            Add(option);
        foreach (var option in new Option[] { oneTemperature, reportWindows, reportQuestions, output, overwrite, dryRun, json })
            Add(option);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil model calibrate --data dev.json --test-share 0.5",
        "xdistil model calibrate --data fit.jsonl --test-data test.jsonl --model my-model --overwrite",
        "xdistil model calibrate --data dev.json.gz --test-share 0.5 --report-questions 0 --dry-run --json",
    ];

    private int Run(ParseResult parsed, CancellationToken stop)
    {
        var options = Read(parsed);
        var source = parsed.GetValue(data)!;
        FileCheck.Readable(source);
        var folder = ModelFolders.Resolve(parsed.GetValue(model), terminal, stop);
        var target = parsed.GetValue(dryRun) ? null : parsed.GetValue(output) ?? Path.Combine(folder, Calibration.FileName);
        if (target is not null)
            FileCheck.Writable(target, parsed.GetValue(overwrite)); // before, not after a quarter of an hour
        var questions = Questions(parsed, source);

        using var answerer = QuestionAnswerer.FromPretrained(folder, new LoadingOptions { Device = parsed.GetValue(device)! });
        var report = Fit(answerer, options, questions, stop);
        if (target is not null)
            CalibrationFile.Write(target, report.Calibration);
        if (parsed.GetValue(json))
            terminal.Output.WriteLine(JsonSerializer.Serialize(report, CalibrationReportJsonContext.Default.CalibrationReport));
        else
            CalibrationPrinter.Print(terminal, report);
        terminal.Tell(target is null ? "nothing was written (--dry-run)." : $"{target}: written.");
        return ExitCode.Success;
    }

    /// <exception cref="UsageException">Options that exclude each other or are no numbers; found before anything is loaded.</exception>
    private CalibratorOptions Read(ParseResult parsed)
    {
        bool Given(Option option) => parsed.GetResult(option) is { Implicit: false };
        if (Given(testData) && Given(testShare))
            throw new UsageException("--test-data and --test-share exclude each other.");
        if (parsed.GetValue(testShare) is { } share and not (> 0 and < 1))
            throw new UsageException(
                string.Create(CultureInfo.InvariantCulture, $"--test-share is {share}, expected more than 0 and less than 1, such as 0.5.")
            );
        if (parsed.GetValue(dryRun) && (Given(output) || Given(overwrite)))
            throw new UsageException("--dry-run writes nothing; leave out --output and --overwrite.");
        return new CalibratorOptions
        {
            MaxLength = parsed.GetValue(maxLength),
            Stride = parsed.GetValue(stride),
            MaxAnswerLength = parsed.GetValue(maxAnswerLength),
            OneTemperature = parsed.GetValue(oneTemperature),
            ReportWindows = Counts(parsed.GetValue(reportWindows)!),
            ReportQuestions = parsed.GetValue(reportQuestions),
            Seed = parsed.GetValue(seed),
        };
    }

    private static int[] Counts(string given) =>
        Array.ConvertAll(
            given.Split(','),
            part =>
                int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1
                    ? count
                    : throw new UsageException($"--report-windows is {given}, expected numbers of windows such as 1,4,16.")
        );

    private CalibrationData Questions(ParseResult parsed, string source)
    {
        var reading = new DataReaderOptions { NumberRows = parsed.GetValue(numberRows) };
        var questions = Load(source, reading);
        if (parsed.GetValue(testShare) is { } share)
            return questions.WithTestShare(share, parsed.GetValue(seed));
        return parsed.GetValue(testData) is { } test ? questions.WithTest(Load(test, reading)) : questions;
    }

    private static CalibrationData Load(string path, DataReaderOptions reading) =>
        new(path, FileHash.OfFile(path), QuestionFile.Load(path, DataUse.Evaluate, out _, reading));

    private CalibrationReport Fit(QuestionAnswerer answerer, CalibratorOptions options, CalibrationData questions, CancellationToken stop)
    {
        CalibrationReport? report = null;
        long? total = null;
        ProgressDisplay.During(
            terminal,
            0,
            () => total,
            display =>
            {
                var calibrator = new Calibrator(answerer, options) { Progress = new Shown(display, count => total = count) };
                report = calibrator.Run(questions, stop);
            }
        );
        return report!;
    }

    // Not Progress<T>: that would report from other threads, out of order.
    private sealed class Shown(ProgressDisplay display, Action<long> learn) : IProgress<CalibrationProgress>
    {
        public void Report(CalibrationProgress value)
        {
            learn(value.Total);
            display.Report(value.Questions, value.Windows);
        }
    }
}
