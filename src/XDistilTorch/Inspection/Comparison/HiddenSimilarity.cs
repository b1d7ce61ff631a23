using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Comparison;

/// <summary>How alike two models' hidden states of the same window are: the cosine at each position, mean over the tokens of the context.</summary>
public static class HiddenSimilarity
{
    /// <summary>What it can and cannot show.</summary>
    public const string Note =
        "The cosine shows from which layer on the hidden states point elsewhere, not which of their directions the answer is read from, nor a change of their length.";

    /// <summary>The mean cosine of one layer.</summary>
    /// <param name="one">[1, S, H].</param>
    /// <param name="other">The same shape.</param>
    /// <param name="context">Over which tokens.</param>
    /// <exception cref="InspectionException">The shapes differ.</exception>
    public static double Of(Tensor one, Tensor other, TokenSpan context)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        if (!one.shape.AsSpan().SequenceEqual(other.shape) || one.shape is not [1, _, _])
            throw new InspectionException(
                $"hidden states of [{string.Join(", ", one.shape)}] and of [{string.Join(", ", other.shape)}] do not compare, expected one window, [1, S, H], of both."
            );
        if (context.First < 0 || context.Last >= one.shape[1] || context.Length < 1)
            throw new InspectionException($"there are no tokens {context}; the window has {one.shape[1]}, numbered from 0.");
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor a = one.narrow(1, context.First, context.Length).to(ScalarType.Float64),
            b = other.narrow(1, context.First, context.Length).to(ScalarType.Float64);
        return Math.Clamp(nn.functional.cosine_similarity(a, b, 2, 1e-12).mean().item<double>(), -1, 1); // rounding may go past
    }
}
