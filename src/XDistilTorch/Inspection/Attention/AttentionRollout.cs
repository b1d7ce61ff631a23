using static TorchSharp.torch;

namespace XDistilTorch.Inspection;

/// <summary>
/// Attention followed through the layers (Abnar and Zuidema 2020): of each layer the mean over heads, half of it and half of the identity for the residual
/// stream, rows normalised, multiplied from the first layer on.
/// </summary>
public static class AttentionRollout
{
    /// <summary>The rollout after each layer.</summary>
    /// <param name="layers">The attention of the layers in their order, [..., heads, S, S] each; from layer 0 on for the rollout down to the embeddings.</param>
    /// <returns>For each layer [..., S to, S from]: how much of a position comes from which; rows sum to 1. They belong to the dispose scope around.</returns>
    /// <exception cref="ArgumentException">The layers differ in shape, or hold no attention.</exception>
    public static IReadOnlyList<Tensor> Of(IEnumerable<Tensor> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        List<Tensor> rollouts = [];
        foreach (var probabilities in layers)
        {
            using var scope = NewDisposeScope();
            var step = Step(probabilities);
            if (rollouts.Count > 0 && !step.shape.AsSpan().SequenceEqual(rollouts[^1].shape))
                throw new ArgumentException(
                    $"layer {rollouts.Count} of those given is [{string.Join(", ", probabilities.shape)}], expected the shape of those before.",
                    nameof(layers)
                );
            rollouts.Add((rollouts.Count == 0 ? step : step.matmul(rollouts[^1])).MoveToOuterDisposeScope());
        }
        return rollouts;
    }

    private static Tensor Step(Tensor probabilities)
    {
        var attention = AttentionTensor.Checked(probabilities);
        if (attention.shape.Length < 3)
            throw new ArgumentException(
                $"attention is [{string.Join(", ", attention.shape)}], expected [..., heads, S, S].",
                nameof(probabilities)
            );
        if (attention.shape[^3] == 0) // all heads pruned: every position keeps to itself
            return eye(attention.shape[^1], dtype: attention.dtype, device: attention.device)
                .expand([.. attention.shape[..^3], .. attention.shape[^2..]]);
        var mean = attention.mean([-3]); // [..., heads, S, S] -> [..., S, S]
        var mixed = mean.add(eye(mean.shape[^1], dtype: mean.dtype, device: mean.device)).mul(0.5);
        return mixed.div(mixed.sum(-1, keepdim: true));
    }
}
