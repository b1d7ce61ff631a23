namespace XDistilTorch.Decoding;

/// <summary>The settings of the <c>pipeline</c> decoder, with the defaults of the reference but for <see cref="AllowNoAnswer"/>.</summary>
public sealed record PipelineDecoderOptions
{
    /// <summary>How long the list is at most (<c>top_k</c>). Decides how many spans are looked at, and with them scores and order.</summary>
    public int TopK { get; init; } = 1;

    /// <summary>The longest answer, in tokens, before it is widened to whole words (<c>max_answer_len</c>).</summary>
    public int MaxAnswerLength { get; init; } = 15;

    /// <summary>Whether answers are widened to whole words (<c>align_to_words</c>), where the windows know words.</summary>
    public bool AlignToWords { get; init; } = true;

    /// <summary>Whether "no answer" takes part (<c>handle_impossible_answer</c>, which is false unless asked for in the reference).</summary>
    public bool AllowNoAnswer { get; init; } = true;

    // The reference's numbers.
    internal long SpansPerWindow => AlignToWords ? (2L * TopK) + 10 : TopK;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(TopK, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAnswerLength, 1);
    }
}
