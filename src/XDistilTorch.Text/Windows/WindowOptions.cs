namespace XDistilTorch.Windows;

/// <summary>How a context that is too long for the model is cut.</summary>
/// <param name="MaxLength">The longest window, in tokens with the special ones.</param>
/// <param name="Stride">
/// How many context tokens neighbouring windows have in common (that is how the fast tokenizers use the word; Google's script means by it how far
/// windows advance); null: 128, or half of <paramref name="MaxLength"/> if that is less.
/// </param>
/// <param name="ContextFirst">Whether the context stands before the question.</param>
/// <param name="SplitSpecialTokens">Whether special tokens spelled out in the texts are split like other text (<see cref="Tokenization.EncodeOptions.SplitSpecialTokens"/>).</param>
public sealed record WindowOptions(int MaxLength = 384, int? Stride = null, bool ContextFirst = false, bool SplitSpecialTokens = true)
{
    /// <summary>Windows of 384 tokens that share 128, the question first.</summary>
    public static WindowOptions Default { get; } = new();

    /// <summary><see cref="Stride"/> with its default put in.</summary>
    public int EffectiveStride => Stride ?? Math.Min(128, MaxLength / 2);
}
