using static TorchSharp.torch;

namespace XDistilTorch.Modeling;

/// <summary>What goes into the model: B windows of S tokens. The tensors stay the caller's.</summary>
public sealed record BertInput
{
    /// <summary>Token ids, [B, S], integers; or give <see cref="InputsEmbeds"/>.</summary>
    public Tensor? InputIds { get; init; }

    /// <summary>Word embeddings in place of ids, [B, S, H], of the model's floating-point type.</summary>
    public Tensor? InputsEmbeds { get; init; }

    /// <summary>1 = attend, 0 = hide: [B, S] over keys or [B, S queries, S keys]; null hides nothing.</summary>
    public Tensor? AttentionMask { get; init; }

    /// <summary>0 = question, 1 = context, [B, S]; null means all 0.</summary>
    public Tensor? TokenTypeIds { get; init; }

    /// <summary>Positions, [B, S] or [1, S]; null counts from 0 at the left edge, also with left padding (as the reference does).</summary>
    public Tensor? PositionIds { get; init; }

    /// <summary>Also return every hidden state.</summary>
    public bool OutputHiddenStates { get; init; }

    /// <summary>Also return every layer's attention probabilities.</summary>
    public bool OutputAttentions { get; init; }
}
