namespace XDistilTorch.Tokenization;

/// <summary>How one text or pair of texts is encoded.</summary>
public sealed record EncodeOptions
{
    /// <summary>Special tokens added, and text taken as text.</summary>
    public static EncodeOptions Default { get; } = new();

    /// <summary>Whether <c>[CLS]</c> is put before the first sequence and <c>[SEP]</c> after each.</summary>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>
    /// Whether a special token spelled out in the text, such as <c>[SEP]</c>, is split like any other text (the default here: text from outside
    /// is text). When false it becomes that token before anything else happens, inside words too, as the reference does by default
    /// (its option <c>split_special_tokens</c>).
    /// </summary>
    public bool SplitSpecialTokens { get; init; } = true;
}
