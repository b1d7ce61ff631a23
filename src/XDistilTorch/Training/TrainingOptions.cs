namespace XDistilTorch.Training;

/// <summary>How a model is trained. Names and defaults are those of Hugging Face's <c>run_qa.py</c>.</summary>
public sealed record TrainingOptions
{
    /// <summary>The highest learning rate.</summary>
    public double LearningRate { get; init; } = 5e-5;

    /// <summary>How often all windows are gone through; may be a fraction.</summary>
    public double NumTrainEpochs { get; init; } = 3;

    /// <summary>Steps in all, whatever the epochs; null: as many as the epochs have.</summary>
    public long? MaxSteps { get; init; }

    /// <summary>Windows a batch.</summary>
    public int PerDeviceTrainBatchSize { get; init; } = 8;

    /// <summary>Batches a step; their losses are averaged.</summary>
    public int GradientAccumulationSteps { get; init; } = 1;

    /// <summary>The share of the steps in which the rate rises from 0.</summary>
    public double WarmupRatio { get; init; }

    /// <summary>Steps in which the rate rises from 0; goes before <see cref="WarmupRatio"/>.</summary>
    public long WarmupSteps { get; init; }

    /// <summary>How the rate goes after that.</summary>
    public SchedulerType LrSchedulerType { get; init; } = SchedulerType.Linear;

    /// <summary>AdamW's weight decay; biases and LayerNorm are left out.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Gradients longer than this are shortened to it; 0: never.</summary>
    public double MaxGradNorm { get; init; } = 1;

    /// <summary>Order, dropout and new weights follow from it.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Leave word, position and type embeddings as they are.</summary>
    public bool FreezeEmbeddings { get; init; }

    /// <summary>Leave the first so many layers, and the embeddings, as they are.</summary>
    public int FreezeLayers { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value is outside of its range.</exception>
    internal void Check()
    {
        Require(double.IsFinite(LearningRate) && LearningRate >= 0, nameof(LearningRate), LearningRate, "0 or more");
        Require(NumTrainEpochs is > 0 and <= 1e6, nameof(NumTrainEpochs), NumTrainEpochs, "more than 0, at most 1,000,000");
        Require(MaxSteps is null or (> 0 and <= 1_000_000_000_000), nameof(MaxSteps), MaxSteps ?? 0, "1 or more, at most 10^12");
        Require(PerDeviceTrainBatchSize > 0, nameof(PerDeviceTrainBatchSize), PerDeviceTrainBatchSize, "1 or more");
        Require(GradientAccumulationSteps > 0, nameof(GradientAccumulationSteps), GradientAccumulationSteps, "1 or more");
        Require(WarmupRatio is >= 0 and <= 1, nameof(WarmupRatio), WarmupRatio, "from 0 to 1");
        Require(WarmupSteps >= 0, nameof(WarmupSteps), WarmupSteps, "0 or more");
        Require(double.IsFinite(WeightDecay) && WeightDecay >= 0, nameof(WeightDecay), WeightDecay, "0 or more");
        Require(double.IsFinite(MaxGradNorm) && MaxGradNorm >= 0, nameof(MaxGradNorm), MaxGradNorm, "0 or more");
        Require(FreezeLayers >= 0, nameof(FreezeLayers), FreezeLayers, "0 or more");
    }

    private static void Require(bool holds, string name, object value, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"expected {expected}.");
    }
}
