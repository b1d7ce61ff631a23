namespace XDistilTorch.Decoding;

/// <summary>The settings of the <c>calibrated</c> decoder. A model's own are in its <see cref="Calibration"/>.</summary>
public sealed record CalibratedDecoderOptions
{
    /// <summary>What scores are divided by before they become probabilities; above 1 flattens, below 1 sharpens. Changes no order and no decision.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>
    /// What the null odds are divided by, so that p(no answer) = 1 / (1 + exp(-(null odds - <see cref="NullThreshold"/>) / this)), and the spans share the
    /// rest: p(span) = (1 - p(no answer)) exp(s / T) / sum of that over all legal spans. No answer is then returned exactly where it is more likely than
    /// not. Null: no answer is one more outcome among the spans, under their temperature.
    /// </summary>
    public double? NullTemperature { get; init; }

    /// <summary>No answer when the null score exceeds the best span's score by more than this, strictly; logits.</summary>
    public double NullThreshold { get; init; }

    /// <summary>The longest answer, in tokens.</summary>
    public int MaxAnswerLength { get; init; } = 30;

    /// <summary>Whether "no answer" takes part in the probabilities and may win.</summary>
    public bool AllowNoAnswer { get; init; } = true;

    internal void Check()
    {
        if (!(Temperature > 0 && double.IsFinite(Temperature)))
            throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, "expected a finite temperature above 0.");
        if (NullTemperature is { } own && !(own > 0 && double.IsFinite(own)))
            throw new ArgumentOutOfRangeException(nameof(NullTemperature), own, "expected a finite temperature above 0.");
        if (double.IsNaN(NullThreshold))
            throw new ArgumentOutOfRangeException(nameof(NullThreshold), "the threshold is NaN; expected a number of logits.");
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAnswerLength, 1);
    }
}
