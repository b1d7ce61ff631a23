using static TorchSharp.torch;

namespace XDistilTorch.Training;

/// <summary>The loss of extractive question answering: the mean of two cross-entropies over positions, one for the answer's start and one for its end.</summary>
public static class QuestionAnsweringLoss
{
    /// <summary>
    /// The loss of a batch, a scalar. Positions are clamped to 0..S, and S is then left out of the mean: a position behind the window teaches nothing, a negative one
    /// teaches position 0. NaN when every row is left out.
    /// </summary>
    /// <param name="startLogits">[B, S]; logits of padding take part, as in the reference.</param>
    /// <param name="endLogits">[B, S].</param>
    /// <param name="starts">[B], integers.</param>
    /// <param name="ends">[B], integers.</param>
    /// <exception cref="ArgumentException">The shapes do not go together.</exception>
    public static Tensor Of(Tensor startLogits, Tensor endLogits, Tensor starts, Tensor ends)
    {
        ArgumentNullException.ThrowIfNull(startLogits);
        ArgumentNullException.ThrowIfNull(endLogits);
        using var scope = NewDisposeScope();
        var start = CrossEntropy(startLogits, starts, nameof(startLogits));
        var end = CrossEntropy(endLogits, ends, nameof(endLogits));
        return start.add(end).div(2).MoveToOuterDisposeScope();
    }

    /// <summary>The loss of each window alone, [B]; of a position behind the window it is 0.</summary>
    /// <inheritdoc cref="Of"/>
    public static Tensor OfEach(Tensor startLogits, Tensor endLogits, Tensor starts, Tensor ends)
    {
        ArgumentNullException.ThrowIfNull(startLogits);
        ArgumentNullException.ThrowIfNull(endLogits);
        using var scope = NewDisposeScope();
        var start = CrossEntropy(startLogits, starts, nameof(startLogits), nn.Reduction.None);
        var end = CrossEntropy(endLogits, ends, nameof(endLogits), nn.Reduction.None);
        return start.add(end).div(2).MoveToOuterDisposeScope();
    }

    private static Tensor CrossEntropy(Tensor logits, Tensor positions, string name, nn.Reduction reduction = nn.Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(positions);
        if (logits.ndim != 2 || positions.ndim != 1 || positions.shape[0] != logits.shape[0])
            throw new ArgumentException(
                $"{name} is [{string.Join(", ", logits.shape)}] and the positions are [{string.Join(", ", positions.shape)}], expected [B, S] and [B].",
                name
            );
        var length = logits.shape[1];
        return nn.functional.cross_entropy(logits, positions.clamp(0, length), ignore_index: length, reduction: reduction);
    }
}
