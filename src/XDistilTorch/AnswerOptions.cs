namespace XDistilTorch;

/// <summary>How a question is answered. What is left unset is the decoder's default.</summary>
public sealed record AnswerOptions
{
    /// <summary>How many answers are listed.</summary>
    public int TopK { get; init; } = 1;

    /// <summary>The longest window, in tokens, question and special tokens included; null = 384, or less where the model has fewer positions.</summary>
    public int? MaxLength { get; init; }

    /// <summary>How many context tokens neighbouring windows share; null = min(128, <see cref="MaxLength"/> / 2).</summary>
    public int? Stride { get; init; }

    /// <summary>The longest answer, in tokens; null = 30.</summary>
    public int? MaxAnswerLength { get; init; }

    /// <summary>How many starts, ends and spans the <c>squad</c> decoder keeps, and over how many its probabilities go.</summary>
    public int NBestSize { get; init; } = 20;

    /// <summary>"No answer" when its score exceeds the best span's by more than this (logits).</summary>
    public float NullThreshold { get; init; }

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
        if (float.IsNaN(NullThreshold))
            throw new ArgumentOutOfRangeException(nameof(NullThreshold), NullThreshold, "is not a number");
    }
}
