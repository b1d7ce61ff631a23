using static TorchSharp.torch;

namespace XDistilTorch.Modeling;

/// <summary>
/// Which keys a query may attend to, made once for all layers. As in the reference it is additive: 0 where allowed, the smallest finite number of the
/// model's type where not; it hides keys only, so padded queries still produce (meaningless) values.
/// </summary>
public sealed class AttentionMask
{
    private AttentionMask(Tensor? additive) => Additive = additive;

    /// <summary>No position is hidden.</summary>
    public static AttentionMask None { get; } = new(null);

    /// <summary>The tensor to add to the scores, [B, 1, 1, S] or [B, 1, S queries, S keys]; null when nothing is hidden.</summary>
    public Tensor? Additive { get; }

    /// <summary>Makes the additive mask from 1 (attend) and 0 (hide).</summary>
    /// <param name="mask">[B, S] over keys, or [B, S queries, S keys]; null hides nothing.</param>
    /// <param name="dtype">The model's floating-point type.</param>
    /// <param name="batch">B of the input it belongs to.</param>
    /// <param name="length">S of the input it belongs to.</param>
    /// <exception cref="ArgumentException">The mask has another shape.</exception>
    public static AttentionMask From(Tensor? mask, ScalarType dtype, long batch, long length)
    {
        if (mask is null)
            return None;
        var shape = mask.shape;
        var fits =
            shape is [var b, var s] && b == batch && s == length
            || shape is [var b3, var q, var k] && b3 == batch && q == length && k == length;
        if (!fits)
            throw new ArgumentException(
                $"the attention mask is [{string.Join(", ", shape)}], expected [{batch}, {length}] or [{batch}, {length}, {length}].",
                nameof(mask)
            );
        using var scope = NewDisposeScope();
        var hidden = mask.to(dtype).neg().add(1);
        var additive = hidden.mul(finfo(dtype).min);
        additive = shape.Length == 2 ? additive.unsqueeze(1).unsqueeze(2) : additive.unsqueeze(1); // -> [B, 1, 1 or S, S]
        return new AttentionMask(additive.MoveToOuterDisposeScope());
    }
}
