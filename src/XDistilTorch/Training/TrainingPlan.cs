namespace XDistilTorch.Training;

/// <summary>How many steps a training has, and which batches belong to each: a matter of the options and the windows' lengths alone.</summary>
public sealed class TrainingPlan
{
    private readonly TrainingOptions options;
    private readonly int[] lengths;
    private (long Epoch, IReadOnlyList<int[]> Batches)? current;

    /// <summary>Plans a training.</summary>
    /// <param name="options">How it is trained.</param>
    /// <param name="lengths">The windows' lengths in tokens; at least one.</param>
    /// <exception cref="ArgumentException">There is no window, or an option is outside of its range.</exception>
    public TrainingPlan(TrainingOptions options, IReadOnlyList<int> lengths)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(lengths);
        options.Check();
        if (lengths.Count == 0)
            throw new ArgumentException("there is no window to train on.", nameof(lengths));
        this.options = options;
        this.lengths = [.. lengths];
        BatchesPerEpoch = DivideUp(lengths.Count, options.PerDeviceTrainBatchSize);
        StepsPerEpoch = DivideUp(BatchesPerEpoch, options.GradientAccumulationSteps);
        TotalSteps = options.MaxSteps ?? Math.Max(1, (long)Math.Ceiling(options.NumTrainEpochs * StepsPerEpoch));
        WarmupSteps = options.WarmupSteps > 0 ? options.WarmupSteps : (long)Math.Ceiling(options.WarmupRatio * TotalSteps);
        Schedule = new LearningRateSchedule(options.LrSchedulerType, options.LearningRate, WarmupSteps, TotalSteps);
    }

    /// <summary>Batches in an epoch; the last may be smaller.</summary>
    public long BatchesPerEpoch { get; }

    /// <summary>Steps in an epoch; the last may have fewer batches.</summary>
    public long StepsPerEpoch { get; }

    /// <summary>All steps.</summary>
    public long TotalSteps { get; }

    /// <summary>Steps in which the learning rate rises.</summary>
    public long WarmupSteps { get; }

    /// <summary>The learning rate of each step.</summary>
    public LearningRateSchedule Schedule { get; }

    /// <summary>The batches of a step, by the windows' numbers.</summary>
    /// <param name="step">From 0.</param>
    public IReadOnlyList<int[]> Batches(long step)
    {
        var epoch = step / StepsPerEpoch;
        if (current?.Epoch != epoch)
            current = (epoch, BatchOrder.Epoch(lengths, options.PerDeviceTrainBatchSize, options.Seed, epoch));
        var first = (int)(step % StepsPerEpoch) * options.GradientAccumulationSteps;
        return [.. current.Value.Batches.Skip(first).Take(options.GradientAccumulationSteps)];
    }

    /// <summary>The share of padding in all batches of the first epoch, were each computed whole.</summary>
    public double PaddingShare
    {
        get
        {
            var (tokens, cells) = (0L, 0L);
            foreach (var batch in BatchOrder.Epoch(lengths, options.PerDeviceTrainBatchSize, options.Seed, 0))
            {
                tokens += batch.Sum(i => (long)lengths[i]);
                cells += (long)batch.Length * batch.Max(i => lengths[i]);
            }
            return 1 - (double)tokens / cells;
        }
    }

    private static long DivideUp(long a, long b) => (a + b - 1) / b;
}
