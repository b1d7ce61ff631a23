using static TorchSharp.torch;

namespace XDistilTorch.Inspection;

/// <summary>How far a head looks: small for heads that attend to neighbours.</summary>
public static class AttentionDistance
{
    /// <summary>The mean over queries of the distance to the tokens that they attend to, weighted by the attention, in tokens.</summary>
    /// <param name="probabilities">[heads, S, S] or [B, heads, S, S].</param>
    /// <param name="mask">1 = a token, 0 = padding, whose queries are left out: [S] or [B, S]; null: no padding.</param>
    /// <returns>[heads] or [B, heads]; it belongs to the dispose scope around.</returns>
    /// <exception cref="ArgumentException">Attention or mask have another shape.</exception>
    public static Tensor Of(Tensor probabilities, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        var attention = AttentionTensor.Checked(probabilities);
        var positions = arange(attention.shape[^1], dtype: attention.dtype, device: attention.device);
        var apart = positions.unsqueeze(1).sub(positions).abs(); // [S, 1] - [S] -> [S, S]
        return QueryMean.Of(attention.mul(apart).sum(-1), mask).MoveToOuterDisposeScope();
    }
}
