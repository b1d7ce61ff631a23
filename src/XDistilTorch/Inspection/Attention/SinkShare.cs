using static TorchSharp.torch;

namespace XDistilTorch.Inspection;

/// <summary>How much attention goes to [CLS] and both [SEP], where heads that have nothing to do tend to look.</summary>
public static class SinkShare
{
    /// <summary>The mean over all queries, padding left out, of their mass on these tokens, 0 to 1.</summary>
    /// <param name="probabilities">Attention of one window or of several with the same groups, [..., heads, S, S].</param>
    /// <param name="groups">Each token's group, S of them; null: padding.</param>
    /// <returns>[..., heads]; it belongs to the dispose scope around.</returns>
    /// <exception cref="ArgumentException">The attention has another shape.</exception>
    public static Tensor Of(Tensor probabilities, IReadOnlyList<TokenGroup?> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        using var scope = NewDisposeScope();
        var attention = AttentionTensor.Checked(probabilities, groups.Count);
        var sinks = Flags(groups, group => group is TokenGroup.Cls or TokenGroup.Sep).to(attention.dtype, attention.device);
        var real = Flags(groups, group => group is not null).to(attention.device);
        return QueryMean.Of(attention.matmul(sinks), real).MoveToOuterDisposeScope(); // [..., S, S] x [S] -> [..., S] -> [...]
    }

    private static Tensor Flags(IReadOnlyList<TokenGroup?> groups, Func<TokenGroup?, bool> isSet) =>
        tensor(groups.Select(group => isSet(group) ? 1f : 0f).ToArray());
}
