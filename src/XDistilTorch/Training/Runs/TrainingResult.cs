using XDistilTorch.Evaluation;
using XDistilTorch.Prediction;

namespace XDistilTorch.Training.Runs;

/// <summary>What came of a training.</summary>
public sealed record TrainingResult
{
    /// <summary>Questions trained on, old ones included.</summary>
    public required int Questions { get; init; }

    /// <summary>Their windows.</summary>
    public required int Windows { get; init; }

    /// <summary>Windows that hold an answer.</summary>
    public required int WindowsWithAnswer { get; init; }

    /// <summary>Questions whose answer no window holds as a whole.</summary>
    public required int NotFitting { get; init; }

    /// <summary>Questions that were left out: blank to the model, or too long for a window.</summary>
    public required int LeftOut { get; init; }

    /// <summary>How many numbers the model has.</summary>
    public required long Parameters { get; init; }

    /// <summary>How many of them were trained.</summary>
    public required long TrainedParameters { get; init; }

    /// <summary>Steps done.</summary>
    public required long Steps { get; init; }

    /// <summary>The step whose weights are the result.</summary>
    public required long KeptStep { get; init; }

    /// <summary>The mean loss of all steps.</summary>
    public required double TrainLoss { get; init; }

    /// <summary>The evaluations; the first is of the model before.</summary>
    public required IReadOnlyList<TrainingEvaluation> Evaluations { get; init; }

    /// <summary>The result's exact matches minus those of the model before, with the 95 % interval of a paired bootstrap; null without development questions.</summary>
    public BootstrapInterval? ExactDifference { get; init; }

    /// <summary>The same of F1.</summary>
    public BootstrapInterval? F1Difference { get; init; }

    /// <summary>The files of the result.</summary>
    public required IReadOnlyList<WrittenFile> Files { get; init; }
}
