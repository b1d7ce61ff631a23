namespace XDistilTorch.Decoding;

/// <summary>What the <c>squad</c> decoder makes of one example; the reference's list as it is.</summary>
public sealed record SquadDecoding
{
    /// <summary>
    /// The best entries, best first; at most n-best-size, and "no answer" as one more where it fell out.
    /// Spans from overlapping windows are not merged.
    /// </summary>
    public required IReadOnlyList<SquadEntry> NBest { get; init; }

    /// <summary>The entry whose text the reference predicts; null for no answer.</summary>
    /// <remarks>May be the made-up "empty" and, when no answer is not allowed, a span without width.</remarks>
    public required SquadEntry? Prediction { get; init; }

    /// <summary>The smallest start[CLS] + end[CLS] over the windows; null when no answer is not allowed.</summary>
    public required float? NullScore { get; init; }

    /// <summary>
    /// Null score minus the score of the best entry that has a text (<c>null_odds</c>), float32; null when no answer is not allowed,
    /// or when no entry has a text, where the reference fails.
    /// </summary>
    public required float? NullOdds { get; init; }
}
