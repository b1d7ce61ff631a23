namespace XDistilTorch.Training.Runs;

/// <summary>Where a training is.</summary>
/// <param name="StepsDone">Steps done, those before an interruption included.</param>
/// <param name="TotalSteps">All steps.</param>
/// <param name="Last">The last step of this process; null before it.</param>
/// <param name="TokensPerSecond">Tokens trained on in a second, over the last steps; 0 before the first.</param>
/// <param name="Evaluated">Development questions answered so far, while they are being answered; else null.</param>
public sealed record TrainingProgress(long StepsDone, long TotalSteps, TrainingStep? Last, double TokensPerSecond, int? Evaluated = null);
