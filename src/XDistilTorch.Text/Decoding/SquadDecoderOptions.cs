namespace XDistilTorch.Decoding;

/// <summary>The settings of the <c>squad</c> decoder, with the defaults of the reference's run_qa for SQuAD 2.0.</summary>
public sealed record SquadDecoderOptions
{
    /// <summary>How many start tokens, end tokens and, at last, spans are considered (<c>n_best_size</c>).</summary>
    public int NBestSize { get; init; } = 20;

    /// <summary>The longest answer, in tokens (<c>max_answer_length</c>).</summary>
    public int MaxAnswerLength { get; init; } = 30;

    /// <summary>Whether "no answer" takes part in list and softmax and may win (<c>version_2_with_negative</c>).</summary>
    public bool AllowNoAnswer { get; init; } = true;

    /// <summary>No answer when the null odds are above this, strictly (<c>null_score_diff_threshold</c>); logits.</summary>
    public float NullThreshold { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(NBestSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAnswerLength, 1);
        if (float.IsNaN(NullThreshold))
            throw new ArgumentOutOfRangeException(nameof(NullThreshold), "the threshold is NaN; expected a number of logits.");
    }
}
