using XDistilTorch.Training.Runs;

namespace XDistilTorch.Cli.Training;

/// <summary>What a training would be: its data, its steps, and what it would take.</summary>
internal sealed record TrainingPlanRecord
{
    public required int Questions { get; init; }
    public required int Windows { get; init; }
    public required int WindowsWithAnswer { get; init; }
    public required int NotFitting { get; init; }
    public required int LeftOut { get; init; }
    public required long TokensPerEpoch { get; init; }
    public required double Padding { get; init; }
    public required long StepsPerEpoch { get; init; }
    public required long Steps { get; init; }
    public required long WarmupSteps { get; init; }
    public required long Parameters { get; init; }
    public required long TrainedParameters { get; init; }
    public required double TokensPerSecond { get; init; }
    public required double TrainingSeconds { get; init; }
    public required long Evaluations { get; init; }
    public required double EvaluatingSeconds { get; init; }
    public required long MemoryBytes { get; init; }
    public required long Checkpoints { get; init; }
    public required long CheckpointBytes { get; init; }

    public static TrainingPlanRecord Of(PreparedTraining prepared, TrainingEstimate estimate)
    {
        var (set, plan) = (prepared.Set, prepared.Trainer.Plan);
        return new TrainingPlanRecord
        {
            Questions = set.Rows.Count - set.LeftOut.Count,
            Windows = set.Windows.Count,
            WindowsWithAnswer = set.WindowsWithAnswer,
            NotFitting = set.NotFitting.Count,
            LeftOut = set.LeftOut.Count,
            TokensPerEpoch = set.Tokens,
            Padding = plan.PaddingShare,
            StepsPerEpoch = plan.StepsPerEpoch,
            Steps = plan.TotalSteps,
            WarmupSteps = plan.WarmupSteps,
            Parameters = prepared.Model.parameters().Sum(parameter => parameter.numel()),
            TrainedParameters = prepared.Trainer.TrainedParameters,
            TokensPerSecond = estimate.TokensPerSecond,
            TrainingSeconds = estimate.Training.TotalSeconds,
            Evaluations = estimate.Evaluations,
            EvaluatingSeconds = estimate.Evaluating.TotalSeconds,
            MemoryBytes = estimate.PeakMemory,
            Checkpoints = estimate.Checkpoints,
            CheckpointBytes = estimate.Checkpoint,
        };
    }
}
