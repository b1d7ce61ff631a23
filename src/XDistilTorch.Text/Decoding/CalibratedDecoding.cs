namespace XDistilTorch.Decoding;

/// <summary>What the <c>calibrated</c> decoder makes of one question.</summary>
public sealed record CalibratedDecoding
{
    /// <summary>
    /// The best spans, best first, none overlapping a better one; also when there is no answer. The list for k begins that for k + 1 and is shorter
    /// than k only when every other legal span that has a text overlaps a listed one.
    /// </summary>
    public required IReadOnlyList<CalibratedSpan> Spans { get; init; }

    /// <summary>The best span; null for no answer.</summary>
    public required CalibratedSpan? Prediction { get; init; }

    /// <summary>
    /// How probable it is that the prediction matches: p added up over the legal spans of all windows and documents whose normalised text
    /// (<see cref="Evaluation.AnswerNormalization"/>) is the prediction's; for no answer over null and the spans whose normalised text is "".
    /// </summary>
    public required double Probability { get; init; }

    /// <summary>The smallest start[CLS] + end[CLS] over all windows of all documents; null when no answer is not allowed.</summary>
    public required double? NullScore { get; init; }

    /// <summary>Null score minus the best span's score; null when no answer is not allowed, or when there is no span.</summary>
    public required double? NullOdds { get; init; }
}
