using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using XDistilTorch.Data;
using XDistilTorch.Prediction;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil predict</c>: answers every row of a file, or every question over many documents.</summary>
internal sealed class PredictCommand : Command, IHaveExamples
{
    private const string Standard = "-";

    private readonly Terminal terminal;
    private readonly Option<string?> data = new("--data")
    {
        Description = "Rows with id, question and context; - for standard input",
        HelpName = "FILE",
    };
    private readonly Option<string?> questions = new("--questions")
    {
        Description = "Questions, one a line or JSON lines with id and question; each over all of --contexts",
        HelpName = "FILE",
    };
    private readonly Option<string?> contexts = new("--contexts")
    {
        Description = "Documents: a folder of .txt and .md files, one such file, or JSON lines with id and context",
        HelpName = "DIR|FILE",
    };
    private readonly Option<string?> output = new("--output")
    {
        Description = "Where predictions go; - for standard output",
        HelpName = "FILE",
    };
    private readonly Option<PredictionFormat?> format = SharedOptions.Choice<PredictionFormat>(
        "--format",
        "jsonl: answer records; squad: prediction file, n-best and null odds beside it [default: jsonl]"
    );
    private readonly AnsweringOptions answering = new();
    private readonly Option<bool> numberRows = SharedOptions.NumberRows();
    private readonly Option<ShardArgument?> shard = ShardArgument.Option();
    private readonly Option<int?> limit = SharedOptions.OptionalCount("--limit", "Take the first N rows only", 0);
    private readonly Option<bool> dryRun = new("--dry-run")
    {
        Description = "Read and tokenize all, say what would be done, write nothing",
    };
    private readonly Option<bool> resume = new("--resume") { Description = "Go on where the run stopped; start where there is none" };
    private readonly Option<bool> overwrite = new("--overwrite") { Description = "Start again, also where the output is there already" };
    private readonly Option<OnError?> onError = SharedOptions.Choice<OnError>(
        "--on-error",
        "A bad row stops the run, or is skipped and gets an error record [default: stop; standard input to output: skip]"
    );

    public PredictCommand(Terminal terminal)
        : base("predict", "Answer every row of a file, or every question over many documents")
    {
        this.terminal = terminal;
        foreach (var option in new Option[] { data, output, format, questions, contexts })
            Add(option);
        answering.AddTo(this);
        foreach (var option in new Option[] { numberRows, shard, limit, dryRun, resume, overwrite, onError })
            Add(option);
        Add(new PredictMergeCommand(terminal));
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil predict --data questions.jsonl --output answers.jsonl",
        "xdistil predict --data dev.json --output predictions.json --format squad --decoder squad --resume",
        "xdistil predict --data big.jsonl.gz --output answers.3.jsonl --shard 3/8 --resume",
        "xdistil predict --questions questions.txt --contexts manuals/ --output answers.jsonl --top-k 5",
        "producer | xdistil predict --data - --output - | consumer",
    ];

    private enum OnError
    {
        Stop,
        Skip,
    }

    private int Run(ParseResult parsed, CancellationToken stop)
    {
        CheckUsage(parsed);
        var answers = answering.Read(parsed);
        var to = parsed.GetValue(output);
        if (to is not null and not Standard && !parsed.GetValue(dryRun))
            PredictionRun.Check(to, Existing(parsed));
        if (parsed.GetValue(questions) is { } questionFile)
            return OverDocuments(parsed, answers, questionFile, parsed.GetValue(contexts)!, stop);
        var source = parsed.GetValue(data)!;
        if (source != Standard)
            FileCheck.Readable(source);
        using var answerer = answering.Load(parsed);
        NoteMissingCalibration(answerer, answers);
        if (parsed.GetValue(dryRun))
            return DryRun(parsed, answerer, answers, source, stop);
        if (to == Standard)
            return Stream(parsed, answerer, answers, source, stop);
        return ToFile(parsed, answerer, answers, source, stop);
    }

    private void CheckUsage(ParseResult parsed)
    {
        bool Given(Option option) => parsed.GetResult(option) is not null;
        if (Given(data) == Given(questions))
            throw new UsageException("give --data, or --questions with --contexts.");
        if (Given(questions) != Given(contexts))
            throw new UsageException("--questions and --contexts go together.");
        if (!Given(output) && !parsed.GetValue(dryRun))
            throw new UsageException("--output is missing.");
        if (parsed.GetValue(resume) && parsed.GetValue(overwrite))
            throw new UsageException("--resume and --overwrite exclude each other.");
        var toStandard = parsed.GetValue(output) == Standard;
        if (toStandard && (parsed.GetValue(resume) || parsed.GetValue(overwrite)))
            throw new UsageException("--resume and --overwrite need a file as --output.");
        if (toStandard && parsed.GetValue(format) == PredictionFormat.Squad)
            throw new UsageException("--format squad writes several files and needs one as --output.");
        if (Given(shard) && (toStandard || parsed.GetValue(data) == Standard) && !parsed.GetValue(dryRun))
            throw new UsageException("--shard needs files as --data and --output: merging proves that all belong together.");
        if (parsed.GetValue(resume) && parsed.GetValue(data) == Standard)
            throw new UsageException("--resume needs a file as --data: standard input cannot be read again.");
    }

    private ExistingOutput Existing(ParseResult parsed) =>
        parsed.GetValue(resume) ? ExistingOutput.Resume
        : parsed.GetValue(overwrite) ? ExistingOutput.Overwrite
        : ExistingOutput.Refuse;

    private void NoteMissingCalibration(QuestionAnswerer answerer, AnswerOptions answers)
    {
        if (answers.Decoder == DecoderKind.Calibrated && answerer.Calibration is null)
            terminal.Tell(
                $"{answerer.Folder} has no calibration.json: temperature 1, threshold 0, and probabilities that were fitted on nothing. Fit them with: xdistil model calibrate --data FILE"
            );
    }

    private PredictorOptions Rows(ParseResult parsed, string name, bool isFilter = false) =>
        new()
        {
            DataName = name,
            ChunkRows = isFilter ? 1 : PredictorOptions.UsualChunkRows, // a filter answers each row before it asks for the next
            Shard = parsed.GetValue(shard)?.Shard ?? 0,
            Shards = parsed.GetValue(shard)?.Shards ?? 1,
            Limit = parsed.GetValue(limit),
            StopAtErrors = (parsed.GetValue(onError) ?? (isFilter ? OnError.Skip : OnError.Stop)) == OnError.Stop,
        };

    private IEnumerable<DataItem> Items(ParseResult parsed, string source)
    {
        var options = new DataReaderOptions { NumberRows = parsed.GetValue(numberRows) };
        return source == Standard
            ? DataReader.Read(terminal.Input, "standard input", options with { AssumeLines = true })
            : DataReader.Read(source, options);
    }

    private Action<DataFault> Note(string name) => fault => terminal.Tell($"{name}: {fault}");

    private int DryRun(ParseResult parsed, QuestionAnswerer answerer, AnswerOptions answers, string source, CancellationToken stop)
    {
        var predictor = new Predictor(answerer, answers, Rows(parsed, Called(source))) { Note = Note(Called(source)) };
        var plan = predictor.Plan(Items(parsed, source), stop);
        foreach (var sample in plan.Samples)
            terminal.Tell($"{Called(source)}: {sample.Error!.Message}");
        if (plan.Samples.Count < plan.Errors)
            terminal.Tell($"... {plan.Errors - plan.Samples.Count} more rows cannot be answered.");
        PlanPrinter.Print(terminal, plan, predictor.Settings);
        return plan.Errors == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static string Called(string source) => source == Standard ? "standard input" : source;

    /// <summary>Records to standard output; from standard input one by one, each as soon as it is there.</summary>
    private int Stream(ParseResult parsed, QuestionAnswerer answerer, AnswerOptions answers, string source, CancellationToken stop)
    {
        var predictor = new Predictor(answerer, answers, Rows(parsed, Called(source), isFilter: source == Standard))
        {
            Note = Note(Called(source)),
        };
        return Print(predictor.Run(Items(parsed, source), stop), stop);
    }

    private int Print(IEnumerable<PredictedChunk> chunks, CancellationToken stop)
    {
        using var line = new PredictionLine(PredictionFormat.Jsonl);
        var (rows, errors) = (0L, 0L);
        foreach (var chunk in chunks)
        {
            foreach (var row in chunk.Rows)
            {
                terminal.Output.Write(System.Text.Encoding.UTF8.GetString(line.Of(row)));
                rows++;
                errors += row.Error is null ? 0 : 1;
            }
            terminal.Output.Flush();
        }
        stop.ThrowIfCancellationRequested();
        if (errors > 0)
            terminal.Tell($"{rows} rows, {errors} of them with an error record.");
        return ExitCode.Success;
    }

    private int ToFile(ParseResult parsed, QuestionAnswerer answerer, AnswerOptions answers, string source, CancellationToken stop)
    {
        var options = Rows(parsed, Called(source));
        var plan = Plan(parsed, answerer, options, answerer.Settle(answers), source == Standard ? null : FileHash.OfFile(source)) with
        {
            NumberRows = parsed.GetValue(numberRows),
        };
        using var run = PredictionRun.Open(parsed.GetValue(output)!, plan, Existing(parsed));
        if (AlreadyFinished(run))
            return ExitCode.Success;
        var predictor = new Predictor(answerer, answers, options with { RowsDone = run.Record.RowsDone }) { Note = Note(Called(source)) };
        var counting = source == Standard ? null : RowCount.Start(source, options.Limit);
        return Write(run, predictor.Run(Items(parsed, source), stop), () => predictor.RowsRead, () => counting?.Rows, stop);
    }

    private RunRecord Plan(
        ParseResult parsed,
        QuestionAnswerer answerer,
        PredictorOptions options,
        AnswerSettings settings,
        string? dataHash
    ) =>
        new()
        {
            Format = parsed.GetValue(format) ?? PredictionFormat.Jsonl,
            DataSha256 = dataHash,
            ModelSha256 = FileHash.OfModel(answerer.Folder),
            Device = answerer.Device.ToString(),
            Settings = settings,
            Limit = options.Limit,
            ChunkRows = options.ChunkRows,
            Shard = options.Shard,
            Shards = options.Shards,
        };

    private bool AlreadyFinished(PredictionRun run)
    {
        if (run.IsFinished)
            terminal.Tell($"{run.Output}: is finished and whole, {run.Record.RowsWritten} rows.");
        return run.IsFinished;
    }

    private int OverDocuments(ParseResult parsed, AnswerOptions answers, string questionFile, string contextsAt, CancellationToken stop)
    {
        if (answers.Decoder is not (null or DecoderKind.Calibrated))
            throw new UsageException("--questions with --contexts needs --decoder calibrated: only its scores compare across texts.");
        var asked = NamedTexts.Questions(questionFile);
        var documents = NamedTexts.Documents(contextsAt);
        using var answerer = answering.Load(parsed);
        NoteMissingCalibration(answerer, answers with { Decoder = DecoderKind.Calibrated });
        var options = Rows(parsed, questionFile) with { ChunkRows = 1 };
        var predictor = new DocumentPredictor(answerer, documents, answers, options);
        var total = Math.Min(asked.Count, options.Limit ?? long.MaxValue);
        if (parsed.GetValue(dryRun))
        {
            terminal.Output.WriteLine($"{total} questions over {documents.Count} documents");
            return ExitCode.Success;
        }
        if (parsed.GetValue(output) == Standard)
            return Print(predictor.Run(asked, stop), stop);
        var plan = Plan(parsed, answerer, options, predictor.Settings, TextHash.Of(asked, documents));
        using var run = PredictionRun.Open(parsed.GetValue(output)!, plan, Existing(parsed));
        if (AlreadyFinished(run))
            return ExitCode.Success;
        predictor = new DocumentPredictor(answerer, documents, answers, options with { RowsDone = run.Record.RowsDone });
        return Write(run, predictor.Run(asked, stop), () => total, () => total, stop);
    }

    private int Write(
        PredictionRun run,
        IEnumerable<PredictedChunk> chunks,
        Func<long> rowsTotal,
        Func<long?> known,
        CancellationToken stop
    )
    {
        ProcessEnd.BePatient(); // the chunk in flight is finished; what is written can go on
        var (rows, windows, started) = (0L, 0L, Stopwatch.GetTimestamp());
        ProgressDisplay.During(
            terminal,
            run.Record.RowsDone,
            known,
            progress =>
            {
                foreach (var chunk in chunks)
                {
                    run.Write(chunk);
                    rows += chunk.Rows.Count;
                    windows += chunk.Rows.Sum(row => (long)row.Windows);
                    progress.Report(chunk.RowsThrough, windows);
                }
            }
        );
        if (stop.IsCancellationRequested)
        {
            terminal.Tell($"stopped after {run.Record.RowsWritten} rows; go on with --resume.");
            stop.ThrowIfCancellationRequested();
        }
        run.Finish(rowsTotal());
        terminal.Tell(Summary(run, rows, windows, Stopwatch.GetElapsedTime(started)));
        return ExitCode.Success;
    }

    private static string Summary(PredictionRun run, long rows, long windows, TimeSpan elapsed)
    {
        var record = run.Record;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{run.Output}: {record.RowsWritten} rows");
        if (rows < record.RowsWritten)
            text.Append(CultureInfo.InvariantCulture, $", {rows} of them now");
        if (record.Errors > 0)
            text.Append(CultureInfo.InvariantCulture, $", {record.Errors} without an answer (error records)");
        if (record.Repetitions > 0)
            text.Append(CultureInfo.InvariantCulture, $", {record.Repetitions} that repeat an earlier one");
        text.Append(
            CultureInfo.InvariantCulture,
            $"; {windows} windows in {elapsed.TotalSeconds:0.0} s, {windows / elapsed.TotalSeconds:0.0} a second"
        );
        return text.ToString();
    }
}
