namespace XDistilTorch.Decoding;

/// <summary>A pair of start and end token and the product of their probabilities.</summary>
/// <param name="Score">Start x end probability.</param>
/// <param name="Start">The start token.</param>
/// <param name="End">The end token, included.</param>
internal readonly record struct PipelineSpan(double Score, int Start, int End) : IComparable<PipelineSpan>
{
    // The reference leaves ties to the processor; here the earlier start, then the earlier end (goldens/text/pipeline, "expected_lowest_index_first").
    public int CompareTo(PipelineSpan other)
    {
        var byScore = other.Score.CompareTo(Score);
        if (byScore != 0)
            return byScore;
        var byStart = Start.CompareTo(other.Start);
        return byStart != 0 ? byStart : End.CompareTo(other.End);
    }
}
