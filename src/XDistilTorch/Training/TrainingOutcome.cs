using XDistilTorch.Evaluation;

namespace XDistilTorch.Training;

/// <summary>A training that is over, as its report and its model card tell of it.</summary>
public sealed record TrainingOutcome
{
    /// <summary>The name of the model that came out: its folder's.</summary>
    public required string Name { get; init; }

    /// <summary>The model that it began with: its folder's name; null where all weights were random.</summary>
    public required string? BaseModel { get; init; }

    /// <summary>The training file's name.</summary>
    public required string TrainFile { get; init; }

    /// <summary>The development file's name; null: none.</summary>
    public required string? DevFile { get; init; }

    /// <summary>How it was trained.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>What else was asked for, by the options' names (<c>max_length</c>, <c>dropout</c>, <c>replay</c>, <c>teacher</c>, ...), as text.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; }

    /// <summary>Questions trained on.</summary>
    public required int Questions { get; init; }

    /// <summary>Their windows.</summary>
    public required int Windows { get; init; }

    /// <summary>Windows that hold an answer.</summary>
    public required int WindowsWithAnswer { get; init; }

    /// <summary>How many numbers the model has.</summary>
    public required long Parameters { get; init; }

    /// <summary>How many of them were trained.</summary>
    public required long TrainedParameters { get; init; }

    /// <summary>Every step, in order.</summary>
    public required IReadOnlyList<TrainingStep> Steps { get; init; }

    /// <summary>Every evaluation, in order; the first is of the model before. Empty without development questions.</summary>
    public required IReadOnlyList<TrainingEvaluation> Evaluations { get; init; }

    /// <summary>The step whose weights are the result: the last one, or the best on the development questions.</summary>
    public required long KeptStep { get; init; }

    /// <summary>The result against the model before, on the development questions; null without any.</summary>
    public required PairedComparison? Comparison { get; init; }

    /// <summary>Development questions that are answered otherwise now; first those whose F1 changed most.</summary>
    public required IReadOnlyList<ChangedAnswer> Changed { get; init; }
}
