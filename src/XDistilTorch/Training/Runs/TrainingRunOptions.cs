using static TorchSharp.torch;

namespace XDistilTorch.Training.Runs;

/// <summary>A training from files to a model folder: what it begins with, how often it looks and saves, what comes out.</summary>
public sealed record TrainingRunOptions
{
    /// <summary>How the model is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>What the training begins with: a question-answering model, a base encoder or a masked-language model.</summary>
    public required string ModelFolder { get; init; }

    /// <summary>Begin with random weights: only config and vocabulary are taken from <see cref="ModelFolder"/>.</summary>
    public bool RandomWeights { get; init; }

    /// <summary>The share of values that dropout leaves out; null: the config's.</summary>
    public double? Dropout { get; init; }

    /// <summary>Where the model computes: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c> or <c>auto</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The longest window, in tokens; null: 384, or what the model has positions for.</summary>
    public int? MaxLength { get; init; }

    /// <summary>How many tokens of the text neighbouring windows share; null: 128, or half of the longest window if that is less.</summary>
    public int? Stride { get; init; }

    /// <summary>Evaluate every so many steps, beside before the first and after the last; null: after every epoch.</summary>
    public long? EvalSteps { get; init; }

    /// <summary>Save a checkpoint every so many steps, beside after the last.</summary>
    public long SaveSteps { get; init; } = 500;

    /// <summary>How many checkpoints stay, beside the best; null: all.</summary>
    public int? SaveTotalLimit { get; init; }

    /// <summary>Take the weights of the best evaluation, by this; null: the last weights, unless <see cref="EarlyStoppingPatience"/> is set.</summary>
    public BestMetric? BestMetric { get; init; }

    /// <summary>Stop after so many evaluations in a row that were not better than the best; null: never.</summary>
    public int? EarlyStoppingPatience { get; init; }

    /// <summary>A question-answering model to learn from beside the data; null: none.</summary>
    public string? TeacherFolder { get; init; }

    /// <summary>How much is learnt from what of the teacher.</summary>
    public DistillationOptions Distillation { get; init; } = new();

    /// <summary>The type of the weights that come out: Float32, Float16 or BFloat16. Checkpoints are always Float32.</summary>
    public ScalarType StoredAs { get; init; } = ScalarType.Float32;

    /// <summary>By what the best evaluation is told; null: none is sought.</summary>
    public BestMetric? SoughtMetric => BestMetric ?? (EarlyStoppingPatience is null ? null : Runs.BestMetric.F1);

    /// <summary>How development questions are answered, and how all texts are cut.</summary>
    /// <param name="positions">How many positions the model has.</param>
    /// <exception cref="XDistilException">Longer windows are asked for than the model has positions, or windows share more than they hold.</exception>
    internal AnswerSettings Settle(int positions) =>
        AnswerSettings.Settle(
            new AnswerOptions
            {
                Decoder = DecoderKind.Squad,
                MaxLength = MaxLength,
                Stride = Stride,
            },
            calibration: null,
            positions
        );

    /// <exception cref="ArgumentOutOfRangeException">A value is outside of its range.</exception>
    internal void Check(bool hasDevelopmentSet)
    {
        Training.Check();
        Require(EvalSteps is null or > 0, nameof(EvalSteps), EvalSteps, "1 or more");
        Require(SaveSteps > 0, nameof(SaveSteps), SaveSteps, "1 or more");
        Require(SaveTotalLimit is null or > 0, nameof(SaveTotalLimit), SaveTotalLimit, "1 or more");
        Require(EarlyStoppingPatience is null or > 0, nameof(EarlyStoppingPatience), EarlyStoppingPatience, "1 or more");
        Require(hasDevelopmentSet || SoughtMetric is null, nameof(BestMetric), SoughtMetric, "none, as there are no development questions");
        Require(
            StoredAs is ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16,
            nameof(StoredAs),
            StoredAs,
            "Float32, Float16 or BFloat16"
        );
    }

    private static void Require(bool holds, string name, object? value, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"expected {expected}.");
    }
}
