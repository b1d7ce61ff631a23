using System.CommandLine;
using XDistilTorch.Cli.Predicting;
using XDistilTorch.Prediction;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil predict</c>: answers every row of a file, or every question over many documents.</summary>
internal sealed class PredictCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly Option<string?> data = new("--data")
    {
        Description = "Rows with id, question and context (JSON, JSON lines, CSV, Parquet; .gz, .zst); - for standard input",
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
    private readonly Option<string?> from = FormatNames.Option("--from", "The data's format, where neither content nor name tells it");
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
        foreach (var option in new Option[] { numberRows, from, shard, limit, dryRun, resume, overwrite, onError })
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
        var request = Request(parsed);
        if (request.Output is not (null or PredictRequest.Standard))
            PredictionRun.Check(request.Output, request.Existing);
        if (parsed.GetValue(questions) is { } questionFile)
            return OverDocuments(parsed, request, questionFile, parsed.GetValue(contexts)!, stop);
        var source = parsed.GetValue(data)!;
        if (source != PredictRequest.Standard)
            FileCheck.Readable(source);
        using var answerer = Load(parsed, request.Answers.Decoder);
        return new PredictRows(terminal, answerer, request, source).Run(stop);
    }

    private int OverDocuments(ParseResult parsed, PredictRequest request, string questionFile, string contextsAt, CancellationToken stop)
    {
        var asked = NamedTexts.Questions(questionFile);
        var documents = NamedTexts.Documents(contextsAt);
        using var answerer = Load(parsed, DecoderKind.Calibrated);
        return new PredictOverDocuments(terminal, answerer, request, asked, documents).Run(stop);
    }

    private QuestionAnswerer Load(ParseResult parsed, DecoderKind? decoder)
    {
        var answerer = answering.Load(parsed, terminal, answersOnly: true);
        if (decoder == DecoderKind.Calibrated && answerer.Calibration is null)
            terminal.Tell(
                $"{answerer.Folder} has no calibration.json: temperature 1, threshold 0, and probabilities that were fitted on nothing. Fit them with: xdistil model calibrate --data FILE"
            );
        return answerer;
    }

    private PredictRequest Request(ParseResult parsed)
    {
        var to = parsed.GetValue(dryRun) ? null : parsed.GetValue(output);
        var source = parsed.GetValue(data) ?? parsed.GetValue(questions)!;
        var isFilter = to == PredictRequest.Standard && source == PredictRequest.Standard;
        var isOverDocuments = parsed.GetValue(questions) is not null;
        var options = new PredictorOptions
        {
            DataName = source == PredictRequest.Standard ? "standard input" : source,
            // A filter answers each row before it asks for the next; a question over many documents is work enough for a chunk.
            ChunkRows = isFilter || isOverDocuments ? 1 : PredictorOptions.UsualChunkRows,
            Shard = parsed.GetValue(shard)?.Shard ?? 0,
            Shards = parsed.GetValue(shard)?.Shards ?? 1,
            Limit = parsed.GetValue(limit),
            StopAtErrors = (parsed.GetValue(onError) ?? (isFilter ? OnError.Skip : OnError.Stop)) == OnError.Stop,
        };
        return new PredictRequest(
            to,
            Existing(parsed),
            parsed.GetValue(format) ?? PredictionFormat.Jsonl,
            answering.Read(parsed),
            options,
            parsed.GetValue(numberRows),
            FormatNames.Parse(parsed.GetValue(from))
        );
    }

    private void CheckUsage(ParseResult parsed)
    {
        bool Given(Option option) => parsed.GetResult(option) is not null;
        if (Given(data) == Given(questions))
            throw new UsageException("give --data, or --questions with --contexts.");
        if (Given(questions) != Given(contexts))
            throw new UsageException("--questions and --contexts go together.");
        if (Given(questions) && (answering.Read(parsed).Decoder ?? DecoderKind.Calibrated) != DecoderKind.Calibrated)
            throw new UsageException("--questions with --contexts needs --decoder calibrated: only its scores compare across texts.");
        if (!Given(output) && !parsed.GetValue(dryRun))
            throw new UsageException("--output is missing.");
        if (parsed.GetValue(resume) && parsed.GetValue(overwrite))
            throw new UsageException("--resume and --overwrite exclude each other.");
        var toStandard = parsed.GetValue(output) == PredictRequest.Standard;
        if (toStandard && (parsed.GetValue(resume) || parsed.GetValue(overwrite)))
            throw new UsageException("--resume and --overwrite need a file as --output.");
        if (toStandard && parsed.GetValue(format) == PredictionFormat.Squad)
            throw new UsageException("--format squad writes several files and needs one as --output.");
        if (Given(shard) && (toStandard || parsed.GetValue(data) == PredictRequest.Standard) && !parsed.GetValue(dryRun))
            throw new UsageException("--shard needs files as --data and --output: merging proves that all belong together.");
        if (parsed.GetValue(resume) && parsed.GetValue(data) == PredictRequest.Standard)
            throw new UsageException("--resume needs a file as --data: standard input cannot be read again.");
    }

    private ExistingOutput Existing(ParseResult parsed) =>
        parsed.GetValue(resume) ? ExistingOutput.Resume
        : parsed.GetValue(overwrite) ? ExistingOutput.Overwrite
        : ExistingOutput.Refuse;
}
