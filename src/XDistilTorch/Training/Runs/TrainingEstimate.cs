using System.Diagnostics;

namespace XDistilTorch.Training.Runs;

/// <summary>What a training would take, from a few of its steps.</summary>
/// <param name="TokensPerSecond">Tokens trained on in a second.</param>
/// <param name="Training">All steps.</param>
/// <param name="Evaluations">How many evaluations there are.</param>
/// <param name="Evaluating">All evaluations.</param>
/// <param name="PeakMemory">The most memory that the process held, in bytes.</param>
/// <param name="Checkpoint">A checkpoint's size on the disk, in bytes.</param>
/// <param name="Checkpoints">How many checkpoints there would be in the end.</param>
public sealed record TrainingEstimate(
    double TokensPerSecond,
    TimeSpan Training,
    long Evaluations,
    TimeSpan Evaluating,
    long PeakMemory,
    long Checkpoint,
    long Checkpoints
)
{
    private const int StepsMeasured = 4;

    private static readonly TimeSpan LongestMeasurement = TimeSpan.FromSeconds(30);

    /// <summary>Measures. The model is another one afterwards: it did some steps.</summary>
    /// <param name="prepared">The training, at its beginning.</param>
    /// <param name="stop">Looked at before every batch.</param>
    public static TrainingEstimate Measure(PreparedTraining prepared, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        var (trainer, plan) = (prepared.Trainer, prepared.Trainer.Plan);
        var evaluating = prepared.DevelopmentSet?.TimeToEvaluate(prepared.Model, prepared.Device, stop) ?? TimeSpan.Zero;
        var rate = Rate(trainer, stop);
        var tokens = prepared.Set.Tokens * ((double)plan.TotalSteps / plan.StepsPerEpoch);
        var evaluations = prepared.Development is null ? 0 : 1 + Count(plan.TotalSteps, prepared.Options.EvalSteps ?? plan.StepsPerEpoch);
        var saved = Count(plan.TotalSteps, prepared.Options.SaveSteps);
        return new TrainingEstimate(
            rate,
            Seconds(tokens / rate),
            evaluations,
            Seconds(evaluating.TotalSeconds * evaluations),
            Process.GetCurrentProcess().PeakWorkingSet64,
            4 * prepared.Model.parameters().Sum(parameter => parameter.numel()) + 8 * trainer.TrainedParameters, // weights; two means of each gradient
            Math.Min(saved, prepared.Options.SaveTotalLimit ?? saved)
        );
    }

    // The first step also takes the memory from the system: it does not count, unless it is the only one.
    private static double Rate(QaTrainer trainer, CancellationToken stop)
    {
        var (tokens, elapsed, start) = (0L, TimeSpan.Zero, Stopwatch.GetTimestamp());
        for (var i = 0; i <= StepsMeasured && trainer.StepsDone < trainer.Plan.TotalSteps; i++)
        {
            if (i == 1)
                (tokens, elapsed) = (0, TimeSpan.Zero);
            var started = Stopwatch.GetTimestamp();
            tokens += trainer.Step(stop).Tokens;
            elapsed += Stopwatch.GetElapsedTime(started);
            if (i > 0 && Stopwatch.GetElapsedTime(start) > LongestMeasurement)
                break;
        }
        return tokens / Math.Max(elapsed.TotalSeconds, 1e-9);
    }

    // How often something happens that happens every so many steps, and after the last.
    private static long Count(long steps, long every) => steps / every + (steps % every == 0 ? 0 : 1);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2));
}
