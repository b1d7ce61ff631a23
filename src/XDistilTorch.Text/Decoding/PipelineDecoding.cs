namespace XDistilTorch.Decoding;

/// <summary>What the <c>pipeline</c> decoder makes of one example.</summary>
public sealed record PipelineDecoding
{
    /// <summary>The reference's list, "no answer" included where it made its way into it; perhaps empty.</summary>
    public required IReadOnlyList<PipelineEntry> Entries { get; init; }

    /// <summary>The smallest start x end probability of [CLS] over the windows; null when no answer is not allowed.</summary>
    public required double? NullScore { get; init; }
}
