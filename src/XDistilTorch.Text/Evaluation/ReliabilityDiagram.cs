namespace XDistilTorch.Evaluation;

/// <summary>Whether probabilities mean what they say: answers in equal bins of probability, each with the share that was right.</summary>
public sealed record ReliabilityDiagram
{
    /// <summary>All bins, the empty ones too.</summary>
    public required IReadOnlyList<ReliabilityBin> Bins { get; init; }

    /// <summary>The expected calibration error (ECE): the mean gap over the answers.</summary>
    public required double ExpectedError { get; init; }

    /// <summary>The largest gap of a bin (MCE).</summary>
    public required double MaximumError { get; init; }

    /// <summary>The mean square of probability minus outcome.</summary>
    public required double BrierScore { get; init; }

    /// <summary>Sorts answers into bins.</summary>
    /// <exception cref="ArgumentException">No answers, or a probability outside 0 to 1.</exception>
    public static ReliabilityDiagram Of(IReadOnlyList<AnswerConfidence> answers, int bins = 15)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        AnswerConfidence.Check(answers);
        var inBin = answers.ToLookup(answer => Math.Clamp((int)Math.Ceiling(bins * answer.Probability) - 1, 0, bins - 1));
        var all = Enumerable.Range(0, bins).Select(index => BinOf(index, [.. inBin[index]])).ToArray();
        return new()
        {
            Bins = all,
            ExpectedError = all.Sum(bin => bin.Count * bin.Gap) / answers.Count,
            MaximumError = all.Max(bin => bin.Gap),
            BrierScore = answers.Average(answer => Math.Pow(answer.Probability - (answer.IsRight ? 1 : 0), 2)),
        };
    }

    private static ReliabilityBin BinOf(int index, AnswerConfidence[] answers) =>
        answers.Length == 0
            ? new(index, 0, null, null)
            : new(
                index,
                answers.Length,
                answers.Average(answer => answer.Probability),
                answers.Count(answer => answer.IsRight) / (double)answers.Length
            );
}
