namespace XDistilTorch;

/// <summary>How a question is answered. What is left unset is the decoder's default.</summary>
public sealed record AnswerOptions
{
    /// <summary>What makes answers of logits; null = <c>calibrated</c> where the model folder has a calibration, else <c>squad</c>.</summary>
    public DecoderKind? Decoder { get; init; }

    /// <summary>How many answers are listed.</summary>
    public int TopK { get; init; } = 1;

    /// <summary>
    /// The longest window, in tokens, question and special tokens included; null = that of the calibration where it is used, else 384, or less where the
    /// model has fewer positions.
    /// </summary>
    public int? MaxLength { get; init; }

    /// <summary>
    /// How many context tokens neighbouring windows share; null = that of the calibration where it is used and <see cref="MaxLength"/> is null, else
    /// min(128, <see cref="MaxLength"/> / 2).
    /// </summary>
    public int? Stride { get; init; }

    /// <summary>The longest answer, in tokens; null = that of the calibration where it is used, else 15 for <c>pipeline</c> and 30 for the others.</summary>
    public int? MaxAnswerLength { get; init; }

    /// <summary>How many starts, ends and spans the <c>squad</c> decoder keeps, and over how many its probabilities go.</summary>
    public int NBestSize { get; init; } = 20;

    /// <summary>
    /// "No answer" when its score exceeds the best span's by more than this (logits); null = that of the calibration where it is used, else 0.
    /// The <c>pipeline</c> decoder has no threshold.
    /// </summary>
    public double? NullThreshold { get; init; }

    /// <summary>Always give an answer, as in SQuAD 1.1: "no answer" takes no part.</summary>
    public bool AlwaysAnswer { get; init; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside of its range.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(TopK, 1);
        if (MaxLength is { } length)
            ArgumentOutOfRangeException.ThrowIfLessThan(length, 4, nameof(MaxLength));
        if (Stride is { } stride)
            ArgumentOutOfRangeException.ThrowIfNegative(stride, nameof(Stride));
        if (MaxAnswerLength is { } longest)
            ArgumentOutOfRangeException.ThrowIfLessThan(longest, 1, nameof(MaxAnswerLength));
        ArgumentOutOfRangeException.ThrowIfLessThan(NBestSize, 1);
        if (NullThreshold is double.NaN)
            throw new ArgumentOutOfRangeException(nameof(NullThreshold), NullThreshold, "is not a number");
        if (Decoder is { } decoder && !Enum.IsDefined(decoder))
            throw new ArgumentOutOfRangeException(nameof(Decoder), decoder, "no such decoder");
    }
}
