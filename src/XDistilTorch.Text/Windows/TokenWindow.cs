namespace XDistilTorch.Windows;

/// <summary>
/// One input of the model: <c>[CLS] question [SEP] context [SEP]</c>, where the context may be a part of the whole, or
/// <c>[CLS] context [SEP] question [SEP]</c> (<see cref="WindowOptions.ContextFirst"/>). All arrays have T entries, one per token; nothing is padded.
/// </summary>
public sealed class TokenWindow
{
    /// <summary>The number of this window among those of its context, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Vocabulary ids.</summary>
    public required int[] Ids { get; init; }

    /// <summary>0 in the first segment with its special tokens, 1 in the second.</summary>
    public required int[] TypeIds { get; init; }

    /// <summary>Position in this window of the first token of the context.</summary>
    public required int ContextStart { get; init; }

    /// <summary>Position in this window after the last token of the context.</summary>
    public required int ContextEnd { get; init; }

    /// <summary>
    /// Each token's place in UTF-16 units: context tokens in the original context, question tokens in the original question, (0, 0) for special tokens.
    /// </summary>
    public required TextSpan[] Offsets { get; init; }

    /// <summary>The word each token belongs to, counted from 0 in the question and in the whole context; -1 for special tokens.</summary>
    public required int[] WordIds { get; init; }

    /// <summary>0 for tokens of the first sequence, 1 for those of the second, -1 for special tokens.</summary>
    public required int[] SequenceIds { get; init; }

    /// <summary>How many tokens, T.</summary>
    public int Length => Ids.Length;
}
