namespace XDistilTorch.Evaluation;

/// <summary>One bar of a reliability diagram.</summary>
/// <param name="Index">Bin k of n holds probabilities above k/n up to (k + 1)/n; the first also 0.</param>
/// <param name="Count">How many answers.</param>
/// <param name="Confidence">Their mean probability; null for none.</param>
/// <param name="Accuracy">The share of them that was right; null for none.</param>
public readonly record struct ReliabilityBin(int Index, int Count, double? Confidence, double? Accuracy)
{
    /// <summary>How far confidence and accuracy are apart; 0 for an empty bin.</summary>
    public double Gap => Confidence is { } confidence && Accuracy is { } accuracy ? Math.Abs(confidence - accuracy) : 0;
}
