using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection;

/// <summary>
/// Attention times what it moves (Kobayashi et al. 2020): the length of A[i, j] W_o v[j], what head h of a layer adds to query i on behalf of key j. A key with
/// much attention and a short value adds little; attention alone does not show that.
/// </summary>
public static class AttentionValueNorm
{
    /// <summary>The norms for one layer of a recording.</summary>
    /// <param name="recording">With values.</param>
    /// <param name="model">The model that was recorded; its output projection is read.</param>
    /// <param name="layer">The layer, from 0.</param>
    /// <returns>[B, heads, S queries, S keys]; it belongs to the dispose scope around.</returns>
    /// <exception cref="InspectionException">The layer or the values were not recorded, or the projection was replaced by something else.</exception>
    public static Tensor Of(AttentionRecording recording, BertForQuestionAnswering model, int layer)
    {
        ArgumentNullException.ThrowIfNull(recording);
        using var _ = no_grad();
        return Of(recording.Probabilities(layer), recording.Values(layer), OutputProjection.Weight(model, layer));
    }

    /// <summary>The norms, [..., heads, S queries, S keys]; they belong to the dispose scope around.</summary>
    /// <param name="probabilities">[..., heads, S, S].</param>
    /// <param name="values">Of the same windows and heads, [..., heads, S, D].</param>
    /// <param name="projection">The weight of <c>attention.output.dense</c>, [H, heads * D].</param>
    /// <exception cref="ArgumentException">The shapes do not go together.</exception>
    public static Tensor Of(Tensor probabilities, Tensor values, Tensor projection)
    {
        ArgumentNullException.ThrowIfNull(values);
        using var scope = NewDisposeScope();
        var attention = AttentionTensor.Checked(probabilities);
        if (!attention.shape.AsSpan()[..^1].SequenceEqual(values.shape.AsSpan()[..^1]))
            throw new ArgumentException(
                $"values are [{string.Join(", ", values.shape)}], expected [..., heads, S, D] for attention [{string.Join(", ", attention.shape)}].",
                nameof(values)
            );
        var lengths = linalg.vector_norm(Projected(values, projection), dims: [-1]); // [..., heads, S, H] -> [..., heads, S keys]
        return attention.mul(lengths.unsqueeze(-2)).MoveToOuterDisposeScope(); // A is not negative: the norm of A x is A times that of x
    }

    /// <summary>
    /// What each key would hand over with all of a query's attention, W_o v[j] for each head. Weighted by A and summed over heads and keys these vectors are
    /// the output of <c>attention.output.dense</c> without its bias.
    /// </summary>
    /// <returns>[..., heads, S keys, H]; it belongs to the dispose scope around.</returns>
    /// <inheritdoc cref="Of(Tensor, Tensor, Tensor)"/>
    public static Tensor Projected(Tensor values, Tensor projection)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(projection);
        if (values.shape is not [.., var heads, _, var width] || projection.shape is not [_, var inputs] || inputs != heads * width)
            throw new ArgumentException(
                $"values [{string.Join(", ", values.shape)}] and projection [{string.Join(", ", projection.shape)}] do not go together, expected [..., heads, S, D] and [H, heads * D].",
                nameof(projection)
            );
        using var scope = NewDisposeScope();
        var ofHeads = projection.to(values.dtype).view(projection.shape[0], heads, width).permute(1, 2, 0); // [H, heads * D] -> [heads, D, H]
        return values.matmul(ofHeads).MoveToOuterDisposeScope();
    }
}
