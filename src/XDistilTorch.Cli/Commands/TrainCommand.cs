using System.CommandLine;
using System.Globalization;
using XDistilTorch.Cli.Training;
using XDistilTorch.Data;
using XDistilTorch.Formats;
using XDistilTorch.Prediction;
using XDistilTorch.Training.Runs;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil train</c>: fine-tunes a model on questions with known answers.</summary>
internal sealed class TrainCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly TrainOptions training = new();
    private readonly Option<string?> trainFile = InputFile(
        "--train-file",
        "Questions with their answers' places: whatever data check calls fit for training"
    );
    private readonly Option<string?> devFile = InputFile("--dev-file", "Questions to evaluate on, before, while and after");
    private readonly Option<string?> output = new("--output") { Description = "Folder of the trained model", HelpName = "DIR" };
    private readonly Option<string?> replay = new("--replay")
    {
        Description = "Mix old questions in, this share of all (0.2)",
        HelpName = "FILE:SHARE",
    };
    private readonly Option<bool> numberRows = SharedOptions.NumberRows();
    private readonly Option<string?> config = InputFile(
        "--config",
        "These options as JSON, with underscores; the command line goes before"
    );
    private readonly Option<bool> resume = new("--resume") { Description = "Go on with a training that stopped, from its last checkpoint" };
    private readonly Option<bool> dryRun = new("--dry-run")
    {
        Description = "Show the plan, with time and memory from a few steps; write nothing",
    };
    private readonly Option<bool> json = SharedOptions.Json("Print the training's record as one JSON object");

    public TrainCommand(Terminal terminal)
        : base("train", "Fine-tune a model on your own questions")
    {
        this.terminal = terminal;
        foreach (var option in new Option[] { trainFile, devFile, output })
            Add(option);
        training.AddTo(this);
        foreach (var option in new Option[] { replay, numberRows, config, resume, dryRun, json })
            Add(option);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil train --train-file questions.json --dev-file dev.json --output my-model",
        "xdistil train --train-file questions.json --output my-model --num-train-epochs 2 --learning-rate 3e-5 --freeze-layers 3 --resume",
        "xdistil train --train-file new.jsonl --replay old.json:0.2 --dev-file dev.jsonl --best-metric f1 --eval-steps 100 --output my-model",
        "xdistil train --train-file questions.json --dev-file dev.json --seeds 1,2,3 --output runs --json",
        "xdistil train --config training.json --dry-run",
    ];

    private int Run(ParseResult parsed, CancellationToken stop)
    {
        if (parsed.GetValue(config) is { } file)
            parsed = ConfigFile.Merge(this, parsed, file);
        var plan = Request(parsed, stop);
        if (plan.Output is { } folder)
            Refuse(folder, plan);
        var inputs = Inputs(parsed);
        return plan.Seeds is null || plan.Output is null
            ? new TrainOne(terminal, plan, inputs).Run(plan.Options, plan.Output, stop)
            : new TrainSeeds(terminal, plan, inputs).Run(stop);
    }

    private TrainRequest Request(ParseResult parsed, CancellationToken stop)
    {
        var isDryRun = parsed.GetValue(dryRun);
        if (parsed.GetValue(trainFile) is null)
            throw new UsageException("--train-file is missing.");
        if (parsed.GetValue(output) is null && !isDryRun)
            throw new UsageException("--output is missing.");
        if (isDryRun && parsed.GetValue(resume))
            throw new UsageException("--dry-run plans from the beginning; leave out --resume.");
        return new TrainRequest(
            training.Read(parsed, parsed.GetValue(devFile) is not null, terminal, stop),
            isDryRun ? null : parsed.GetValue(output),
            parsed.GetValue(resume),
            training.Seeds(parsed),
            parsed.GetValue(json)
        );
    }

    private static void Refuse(string output, TrainRequest plan)
    {
        if (plan.Seeds is null)
            TrainingRun.Check(output, plan.Resume);
        else
            TrainSeeds.Check(output, plan);
    }

    private TrainInputs Inputs(ParseResult parsed)
    {
        var reading = new DataReaderOptions { NumberRows = parsed.GetValue(numberRows) };
        var (replayFile, share) = parsed.GetValue(replay) is { } given ? ReplayOf(given) : (null, 0);
        foreach (var path in new[] { parsed.GetValue(trainFile), parsed.GetValue(devFile), replayFile })
            if (path == "-")
                throw new UsageException("training needs files: it reads them again to go on, which standard input cannot be.");
            else if (path is not null)
                FileCheck.Readable(path);
        return new TrainInputs(
            Load(parsed.GetValue(trainFile)!, DataUse.Train, reading),
            parsed.GetValue(devFile) is { } dev ? Load(dev, DataUse.Evaluate, reading) : null,
            replayFile is null ? null : new ReplayData(Load(replayFile, DataUse.Train, reading), share)
        );
    }

    private TrainingData Load(string path, DataUse use, DataReaderOptions reading)
    {
        var rows = QuestionFile.Load(path, use, out var check, reading);
        if (check.Count > 0)
            terminal.Tell(FormattableString.Invariant($"{path}: things that are odd: {check.Count}; `xdistil data check` lists them"));
        return new TrainingData(path, FileHash.OfFile(path), rows);
    }

    private static (string, double) ReplayOf(string given)
    {
        var colon = given.LastIndexOf(':');
        return
            colon > 0
            && double.TryParse(given.AsSpan(colon + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var share)
            && share is > 0 and < 1
            ? (given[..colon], share)
            : throw new UsageException(
                $"--replay is {given}, expected a file and the share of all questions that come from it, such as old.json:0.2."
            );
    }

    private static Option<string?> InputFile(string name, string description) => new(name) { Description = description, HelpName = "FILE" };
}
