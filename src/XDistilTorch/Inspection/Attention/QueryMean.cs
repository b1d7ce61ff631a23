using static TorchSharp.torch;

namespace XDistilTorch.Inspection;

/// <summary>Means over a window's queries, padding left out.</summary>
internal static class QueryMean
{
    /// <summary>[..., S] -> [...]; it belongs to the dispose scope around.</summary>
    /// <param name="perQuery">A number for each query, [heads, S] or [B, heads, S].</param>
    /// <param name="mask">1 = a token, 0 = padding: [S] or [B, S]; null: no padding.</param>
    /// <exception cref="ArgumentException">The mask has another shape.</exception>
    public static Tensor Of(Tensor perQuery, Tensor? mask)
    {
        if (mask is null)
            return perQuery.mean([-1]);
        var (wanted, given) = (perQuery.shape, mask.shape);
        var fits =
            given.Length is 1 or 2 && given[^1] == wanted[^1] && (given.Length == 1 || (wanted.Length == 3 && given[0] == wanted[0]));
        if (!fits)
            throw new ArgumentException(
                $"the mask is [{string.Join(", ", given)}], expected [S] or [B, S] for numbers of queries [{string.Join(", ", wanted)}].",
                nameof(mask)
            );
        using var scope = NewDisposeScope();
        var real = mask.to(perQuery.dtype);
        if (given.Length == 2)
            real = real.unsqueeze(1); // [B, S] -> [B, 1, S]
        return perQuery.mul(real).sum(-1).div(real.sum(-1)).MoveToOuterDisposeScope();
    }
}
