namespace XDistilTorch.Decoding;

/// <summary>The settings of the <c>calibrated</c> decoder. A model's own are in its <see cref="Calibration"/>.</summary>
public sealed record CalibratedDecoderOptions
{
    /// <summary>What scores are divided by before they become probabilities; above 1 flattens, below 1 sharpens. Changes no order and no decision.</summary>
    public double Temperature { get; init; } = 1;

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
        if (double.IsNaN(NullThreshold))
            throw new ArgumentOutOfRangeException(nameof(NullThreshold), "the threshold is NaN; expected a number of logits.");
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAnswerLength, 1);
    }
}
