using static TorchSharp.torch;

namespace XDistilTorch.Inspection;

/// <summary>The row and the column of a span: where its tokens look, and which tokens look at it.</summary>
public static class SpanAttention
{
    /// <summary>Where the span looks: the mean over its queries, for each key; the keys sum to 1.</summary>
    /// <param name="probabilities">[..., heads, S, S].</param>
    /// <param name="span">Its tokens; [CLS] alone, 0..0, for the decision that there is no answer.</param>
    /// <returns>[..., heads, S keys]; it belongs to the dispose scope around.</returns>
    /// <exception cref="InspectionException">The window has no such tokens.</exception>
    public static Tensor From(Tensor probabilities, TokenSpan span)
    {
        using var scope = NewDisposeScope();
        var attention = Checked(probabilities, span);
        return attention.narrow(-2, span.First, span.Length).mean([-2]).MoveToOuterDisposeScope();
    }

    /// <summary>Who looks at the span: the mass that each query puts on it, 0 to 1.</summary>
    /// <returns>[..., heads, S queries]; it belongs to the dispose scope around.</returns>
    /// <inheritdoc cref="From"/>
    public static Tensor To(Tensor probabilities, TokenSpan span)
    {
        using var scope = NewDisposeScope();
        var attention = Checked(probabilities, span);
        return attention.narrow(-1, span.First, span.Length).sum(-1).MoveToOuterDisposeScope();
    }

    private static Tensor Checked(Tensor probabilities, TokenSpan span)
    {
        var attention = AttentionTensor.Checked(probabilities);
        return span.First >= 0 && span.Length >= 1 && span.Last < attention.shape[^1]
            ? attention
            : throw new InspectionException($"there are no tokens {span}; the window has {attention.shape[^1]}, numbered from 0.");
    }
}
