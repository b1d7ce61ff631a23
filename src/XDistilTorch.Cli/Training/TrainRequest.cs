using XDistilTorch.Training.Runs;

namespace XDistilTorch.Cli.Training;

/// <summary>What is asked of a training.</summary>
/// <param name="Options">How.</param>
/// <param name="Output">Its folder; null for a plan only.</param>
/// <param name="Resume">Whether to go on with what is there.</param>
/// <param name="Seeds">The seeds of several trainings; null for one.</param>
/// <param name="Json">Whether the record is printed.</param>
internal sealed record TrainRequest(TrainingRunOptions Options, string? Output, bool Resume, IReadOnlyList<long>? Seeds, bool Json);

/// <summary>The questions of a training.</summary>
/// <param name="Train">Trained on.</param>
/// <param name="Development">Evaluated on; null: none.</param>
/// <param name="Replay">Mixed in; null: none.</param>
internal sealed record TrainInputs(TrainingData Train, TrainingData? Development, ReplayData? Replay);
