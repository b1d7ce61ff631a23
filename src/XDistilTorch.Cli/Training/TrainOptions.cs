using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using XDistilTorch.Cli.Commands;
using XDistilTorch.Training;
using XDistilTorch.Training.Runs;

namespace XDistilTorch.Cli.Training;

/// <summary>How <c>xdistil train</c> trains: options named as those of <c>run_qa.py</c>, with its defaults.</summary>
internal sealed class TrainOptions
{
    private readonly Option<string?> model = SharedOptions.Model();
    private readonly Option<Init?> init = SharedOptions.Choice<Init>(
        "--init",
        "random: all weights are, and only config and vocabulary are the model's"
    );
    private readonly Option<string> device = SharedOptions.Device();
    private readonly Option<double?> learningRate = NotNegative("--learning-rate", "Highest learning rate [default: 5e-5]", "3e-5");
    private readonly Option<double?> epochs = SharedOptions.Number(
        "--num-train-epochs",
        "How often all windows are gone through [default: 3]",
        "2",
        value => value is > 0 and <= 1e6,
        "more than 0, at most 1,000,000"
    );
    private readonly Option<long?> maxSteps = Steps(
        "--max-steps",
        "Steps in all, whatever the epochs; -1: those of the epochs",
        orLess: -1
    );
    private readonly Option<int?> batchSize = SharedOptions.OptionalCount(
        "--per-device-train-batch-size",
        "Windows a batch [default: 8]",
        1
    );
    private readonly Option<int?> accumulation = SharedOptions.OptionalCount(
        "--gradient-accumulation-steps",
        "Batches a step [default: 1]",
        1
    );
    private readonly Option<double?> warmupRatio = SharedOptions.Number(
        "--warmup-ratio",
        "Share of the steps in which the rate rises [default: 0]",
        "0.1",
        value => value is >= 0 and <= 1,
        "from 0 to 1"
    );
    private readonly Option<long?> warmupSteps = Steps("--warmup-steps", "Steps in which the rate rises; goes before the ratio", orLess: 0);
    private readonly Option<SchedulerType?> scheduler = SharedOptions.Choice<SchedulerType>(
        "--lr-scheduler-type",
        "How the rate goes after that [default: linear]"
    );
    private readonly Option<double?> weightDecay = NotNegative(
        "--weight-decay",
        "AdamW's; biases and LayerNorm are left out [default: 0]",
        "0.01"
    );
    private readonly Option<double?> maxGradNorm = NotNegative(
        "--max-grad-norm",
        "Gradients longer than this are shortened; 0: never [default: 1]",
        "1"
    );
    private readonly Option<long?> seed = new("--seed")
    {
        Description = "Order, dropout and new weights follow from it [default: 42]",
        HelpName = "N",
    };
    private readonly Option<long[]?> seeds = new("--seeds")
    {
        Description = "One training for each, in O/seed-N; prints mean and deviation",
        HelpName = "N,N",
        CustomParser = ParseSeeds,
    };
    private readonly Option<int?> maxLength = SharedOptions.MaxLength();
    private readonly Option<int?> stride = SharedOptions.Stride();
    private readonly Option<double?> dropout = SharedOptions.Number(
        "--dropout",
        "Share of values left out in training [default: the model's]",
        "0.1",
        value => value is >= 0 and < 1,
        "0 or more and less than 1"
    );
    private readonly Option<bool> freezeEmbeddings = new("--freeze-embeddings") { Description = "Leave the embeddings as they are" };
    private readonly Option<int?> freezeLayers = SharedOptions.OptionalCount(
        "--freeze-layers",
        "Leave the first N layers and the embeddings as they are",
        0
    );
    private readonly Option<long?> evalSteps = Steps("--eval-steps", "Evaluate every N steps [default: after every epoch]");
    private readonly Option<long?> saveSteps = Steps("--save-steps", "Save a checkpoint every N steps [default: 500]");
    private readonly Option<int?> saveTotalLimit = SharedOptions.OptionalCount(
        "--save-total-limit",
        "Checkpoints that stay, beside the best [default: all]",
        1
    );
    private readonly Option<int?> patience = SharedOptions.OptionalCount(
        "--early-stopping-patience",
        "Stop after N evaluations that were not better than the best",
        1
    );
    private readonly Option<BestMetric?> bestMetric = SharedOptions.Choice<BestMetric>(
        "--best-metric",
        "Take the weights of the best evaluation [default: the last weights]"
    );
    private readonly Option<string?> teacher = new("--teacher")
    {
        Description = "A question-answering model to learn from beside the data",
        HelpName = "DIR",
    };
    private readonly Option<double?> distillTemperature = SharedOptions.Number(
        "--distill-temperature",
        "Of the teacher's logits [default: 2]",
        "2",
        value => value > 0,
        "more than 0"
    );
    private readonly Option<int?> distillLayers = SharedOptions.OptionalCount(
        "--distill-layers",
        "Layers compared, from the top [default: 2]",
        1
    );
    private readonly Option<double?> distillLabels = NotNegative(
        "--distill-labels",
        "Weight of the data's own answers [default: 1]",
        "0.5"
    );
    private readonly Option<double?> distillLogits = NotNegative("--distill-logits", "Weight of the teacher's logits [default: 1]", "1");
    private readonly Option<double?> distillHidden = NotNegative("--distill-hidden", "Weight of its hidden states [default: 1]", "1");
    private readonly Option<double?> distillAttention = NotNegative("--distill-attention", "Weight of its attention [default: 1]", "0");
    private readonly Option<WeightType?> dtype = SharedOptions.Choice<WeightType>(
        "--dtype",
        "Type of the weights that come out [default: fp32]"
    );

    private enum Init
    {
        Random,
    }

    public void AddTo(Command command)
    {
        Option[] all =
        [
            model,
            init,
            learningRate,
            epochs,
            maxSteps,
            batchSize,
            accumulation,
            warmupRatio,
            warmupSteps,
            scheduler,
            weightDecay,
            maxGradNorm,
            seed,
            seeds,
            maxLength,
            stride,
            dropout,
            freezeEmbeddings,
            freezeLayers,
            evalSteps,
            saveSteps,
            saveTotalLimit,
            patience,
            bestMetric,
            teacher,
            distillTemperature,
            distillLayers,
            distillLabels,
            distillLogits,
            distillHidden,
            distillAttention,
            dtype,
            device,
        ];
        foreach (var option in all)
            command.Add(option);
    }

    /// <summary>The seeds of several trainings; null for one.</summary>
    public IReadOnlyList<long>? Seeds(ParseResult parsed) => parsed.GetValue(seeds) is { Length: > 0 } given ? given : null;

    /// <exception cref="UsageException">Options that do not go together; found before anything is loaded.</exception>
    public TrainingRunOptions Read(ParseResult parsed, bool hasDevelopmentSet, Terminal terminal, CancellationToken stop)
    {
        CheckUsage(parsed, hasDevelopmentSet);
        var run = new TrainingRunOptions { ModelFolder = ModelFolders.Resolve(parsed.GetValue(model), terminal, stop) };
        return run with
        {
            Training = Training(parsed, run.Training),
            RandomWeights = parsed.GetValue(init) is not null,
            Dropout = parsed.GetValue(dropout),
            Device = parsed.GetValue(device)!,
            MaxLength = parsed.GetValue(maxLength),
            Stride = parsed.GetValue(stride),
            EvalSteps = parsed.GetValue(evalSteps),
            SaveSteps = parsed.GetValue(saveSteps) ?? run.SaveSteps,
            SaveTotalLimit = parsed.GetValue(saveTotalLimit),
            EarlyStoppingPatience = parsed.GetValue(patience),
            BestMetric = parsed.GetValue(bestMetric),
            TeacherFolder = parsed.GetValue(teacher) is { } named ? ModelFolders.Named(named, teacher.Name, terminal, stop) : null,
            Distillation = Distillation(parsed, run.Distillation),
            StoredAs = parsed.GetValue(dtype)?.Torch() ?? run.StoredAs,
        };
    }

    private TrainingOptions Training(ParseResult parsed, TrainingOptions usual) =>
        usual with
        {
            LearningRate = parsed.GetValue(learningRate) ?? usual.LearningRate,
            NumTrainEpochs = parsed.GetValue(epochs) ?? usual.NumTrainEpochs,
            MaxSteps = parsed.GetValue(maxSteps) is > 0 and var most ? most : null,
            PerDeviceTrainBatchSize = parsed.GetValue(batchSize) ?? usual.PerDeviceTrainBatchSize,
            GradientAccumulationSteps = parsed.GetValue(accumulation) ?? usual.GradientAccumulationSteps,
            WarmupRatio = parsed.GetValue(warmupRatio) ?? usual.WarmupRatio,
            WarmupSteps = parsed.GetValue(warmupSteps) ?? usual.WarmupSteps,
            LrSchedulerType = parsed.GetValue(scheduler) ?? usual.LrSchedulerType,
            WeightDecay = parsed.GetValue(weightDecay) ?? usual.WeightDecay,
            MaxGradNorm = parsed.GetValue(maxGradNorm) ?? usual.MaxGradNorm,
            Seed = parsed.GetValue(seed) ?? usual.Seed,
            FreezeEmbeddings = parsed.GetValue(freezeEmbeddings),
            FreezeLayers = parsed.GetValue(freezeLayers) ?? usual.FreezeLayers,
        };

    private DistillationOptions Distillation(ParseResult parsed, DistillationOptions usual) =>
        usual with
        {
            Temperature = parsed.GetValue(distillTemperature) ?? usual.Temperature,
            Layers = parsed.GetValue(distillLayers) ?? usual.Layers,
            Labels = parsed.GetValue(distillLabels) ?? usual.Labels,
            Logits = parsed.GetValue(distillLogits) ?? usual.Logits,
            Hidden = parsed.GetValue(distillHidden) ?? usual.Hidden,
            Attention = parsed.GetValue(distillAttention) ?? usual.Attention,
        };

    private void CheckUsage(ParseResult parsed, bool hasDevelopmentSet)
    {
        bool Given(Option option) => parsed.GetResult(option) is { Implicit: false };
        if (Given(seed) && Given(seeds))
            throw new UsageException("--seed and --seeds exclude each other.");
        if (!hasDevelopmentSet && new Option[] { evalSteps, patience, bestMetric }.FirstOrDefault(Given) is { } looking)
            throw new UsageException($"{looking.Name} needs --dev-file, questions to evaluate on.");
        if (
            !Given(teacher)
            && new Option[]
            {
                distillTemperature,
                distillLayers,
                distillLabels,
                distillLogits,
                distillHidden,
                distillAttention,
            }.FirstOrDefault(Given)
                is { } learning
        )
            throw new UsageException($"{learning.Name} needs --teacher, a model to learn from.");
    }

    private static Option<double?> NotNegative(string name, string description, string example) =>
        SharedOptions.Number(name, description, example, value => value >= 0, "0 or more");

    private static Option<long?> Steps(string name, string description, long? orLess = null)
    {
        var option = new Option<long?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (
                result.Tokens.Count == 1
                && long.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var given)
                && given != orLess
                && given is < 1 or > 1_000_000_000_000
            )
                result.AddError($"{name} is {given}, expected 1 or more.");
        });
        return option;
    }

    private static long[]? ParseSeeds(ArgumentResult result)
    {
        var given = result.Tokens[0].Value;
        List<long> seeds = [];
        foreach (var part in given.Split(','))
            if (long.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed) && !seeds.Contains(seed))
                seeds.Add(seed);
            else
            {
                result.AddError($"--seeds is {given}, expected different numbers such as 1,2,3.");
                return null;
            }
        return [.. seeds];
    }
}
