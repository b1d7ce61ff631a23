namespace XDistilTorch.Pruning;

/// <summary>A head of a model as it is: its place among the heads that its layer still has, so that numbers are those of recorded tensors and of all measures.</summary>
/// <param name="Layer">The layer, from 0.</param>
/// <param name="Head">The head, from 0.</param>
public readonly record struct AttentionHead(int Layer, int Head)
{
    /// <summary><c>3:7</c>: head 7 of layer 3.</summary>
    public override string ToString() => FormattableString.Invariant($"{Layer}:{Head}");
}
