using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Comparison;

/// <summary>
/// How differently two models look at the same window: the Jensen-Shannon divergence of their attention probabilities, in nats, mean over queries. 0 for the same, ln 2 at
/// most. It says that heads changed, not that the change matters for the answer.
/// </summary>
public static class AttentionDivergence
{
    /// <summary>What it can and cannot show.</summary>
    public const string Note =
        "Attention divergence shows which heads look elsewhere, not whether that matters for the answer: a head that the answer does not need may change most.";

    /// <summary>The divergence of each head of a layer.</summary>
    /// <param name="one">[1, heads, S, S], rows sum to 1.</param>
    /// <param name="other">The same shape.</param>
    /// <exception cref="InspectionException">The shapes differ.</exception>
    public static double[] Of(Tensor one, Tensor other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        if (!one.shape.AsSpan().SequenceEqual(other.shape) || one.shape is not [1, _, _, _])
            throw new InspectionException(
                $"attention of [{string.Join(", ", one.shape)}] and of [{string.Join(", ", other.shape)}] does not compare, expected one window, [1, heads, S, S], of both."
            );
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor p = one.to(ScalarType.Float64),
            q = other.to(ScalarType.Float64),
            middle = p.add(q).div(2);
        var divergence = FromMiddle(p, middle).add(FromMiddle(q, middle)).div(2); // [1, heads, S]
        return [.. divergence.mean([2]).flatten().clamp_min(0).cpu().data<double>()];
    }

    // Where there is no probability, 0 log 0 = 0.
    private static Tensor FromMiddle(Tensor p, Tensor middle) => p.xlogy(p).sub(p.xlogy(middle)).sum(-1);
}
