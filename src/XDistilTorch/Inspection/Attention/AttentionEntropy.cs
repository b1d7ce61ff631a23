using static TorchSharp.torch;

namespace XDistilTorch.Inspection;

/// <summary>How spread out a head's attention is: 0 where every query looks at one token, ln S where it looks at all alike.</summary>
public static class AttentionEntropy
{
    /// <summary>The mean over queries of the entropy of their attention, in nats.</summary>
    /// <param name="probabilities">[heads, S, S] or [B, heads, S, S].</param>
    /// <param name="mask">1 = a token, 0 = padding, whose queries are left out: [S] or [B, S]; null: no padding.</param>
    /// <returns>[heads] or [B, heads]; it belongs to the dispose scope around.</returns>
    /// <exception cref="ArgumentException">Attention or mask have another shape.</exception>
    public static Tensor Of(Tensor probabilities, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        var perQuery = special.entr(AttentionTensor.Checked(probabilities)).sum(-1); // -p ln p, 0 for p = 0; [..., S, S] -> [..., S]
        return QueryMean.Of(perQuery, mask).MoveToOuterDisposeScope();
    }
}
