namespace XDistilTorch.Evaluation;

/// <summary>One question as <see cref="BestThreshold"/> sees it.</summary>
/// <param name="NullOdds">Null score minus the best span's score, as whoever applies the threshold computes it: ties between these are ties.</param>
/// <param name="HasAnswer">Whether the context answers the question.</param>
/// <param name="Value">What the best span is worth, 0 to 1: exact match or F1. Counts only when there is an answer.</param>
public readonly record struct ThresholdExample(double NullOdds, bool HasAnswer, double Value);
