namespace XDistilTorch.Tokenization;

/// <summary>What a BERT tokenizer has to know beside its vocabulary. The defaults are those of BERT uncased.</summary>
public sealed record BertTokenizerOptions
{
    /// <summary>Whether text is lower-cased.</summary>
    public bool LowerCase { get; init; } = true;

    /// <summary>Whether text is decomposed and its nonspacing marks dropped; null: as <see cref="LowerCase"/>.</summary>
    public bool? StripAccents { get; init; }

    /// <summary>Whether each CJK ideograph is a word of its own.</summary>
    public bool TokenizeChineseChars { get; init; } = true;

    /// <summary>Stands for a word that the vocabulary cannot spell.</summary>
    public string UnkToken { get; init; } = "[UNK]";

    /// <summary>Opens every encoding.</summary>
    public string ClsToken { get; init; } = "[CLS]";

    /// <summary>Closes every sequence.</summary>
    public string SepToken { get; init; } = "[SEP]";

    /// <summary>Fills rows of a batch.</summary>
    public string PadToken { get; init; } = "[PAD]";

    /// <summary>Stands for a hidden word in pre-training; the only special token that a vocabulary may lack.</summary>
    public string MaskToken { get; init; } = "[MASK]";

    /// <summary>Further special tokens, all of them in the vocabulary.</summary>
    public IReadOnlyList<string> AdditionalSpecialTokens { get; init; } = [];

    /// <summary>The longest input the model takes, in tokens with the special ones; null when nothing says so.</summary>
    public int? ModelMaxLength { get; init; }

    /// <summary>The longest word that is split into pieces, in code points after normalisation; a longer one is <see cref="UnkToken"/>. 1 to 1000.</summary>
    public int MaxWordLength { get; init; } = 100;

    /// <summary><see cref="StripAccents"/> with its default put in.</summary>
    public bool StripsAccents => StripAccents ?? LowerCase;
}
