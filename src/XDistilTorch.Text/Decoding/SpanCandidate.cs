namespace XDistilTorch.Decoding;

/// <summary>A legal pair of start and end token, ranked as the reference ranks them.</summary>
/// <param name="Window">The window.</param>
/// <param name="Start">The start token.</param>
/// <param name="End">The end token, included.</param>
/// <param name="Rank">The place among all pairs of the window: start rank first, then end rank.</param>
internal readonly record struct SpanCandidate(int Window, RankedToken Start, RankedToken End, long Rank) : IComparable<SpanCandidate>
{
    /// <summary>Added in float32 as the reference adds: in double other sums tie.</summary>
    public float Score { get; } = Start.Logit + End.Logit;

    // The reference's sort is stable: equal scores stay in the order of windows, then of start rank, then of end rank.
    public int CompareTo(SpanCandidate other)
    {
        var byScore = other.Score.CompareTo(Score);
        if (byScore != 0)
            return byScore;
        var byWindow = Window.CompareTo(other.Window);
        return byWindow != 0 ? byWindow : Rank.CompareTo(other.Rank);
    }
}
