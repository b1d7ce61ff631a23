using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection;

/// <summary>One window as every row of a batch, and how large such a batch may be.</summary>
internal static class RepeatedInput
{
    // As many as an engine takes at once; what a backward pass keeps of each token is some ten times as much.
    private const int TokensPerBatch = 8 * 384,
        TokensPerGradientBatch = 2 * 384;

    public static int Rows(int length) => Math.Max(1, TokensPerBatch / length);

    public static int GradientRows(int length) => Math.Max(1, TokensPerGradientBatch / length);

    /// <summary>The window B times; the tensors are views of the given ones and belong to the dispose scope around.</summary>
    /// <param name="input">One window, [1, S].</param>
    /// <param name="rows">B.</param>
    /// <exception cref="ArgumentException">There are several windows.</exception>
    public static BertInput Of(BertInput input, long rows)
    {
        ArgumentNullException.ThrowIfNull(input);
        if ((input.InputIds ?? input.InputsEmbeds)?.shape[0] is not 1)
            throw new ArgumentException("expected one window, [1, S].", nameof(input));
        return input with
        {
            InputIds = Repeat(input.InputIds, rows),
            InputsEmbeds = Repeat(input.InputsEmbeds, rows),
            TokenTypeIds = Repeat(input.TokenTypeIds, rows),
            AttentionMask = Repeat(input.AttentionMask, rows),
            PositionIds = Repeat(input.PositionIds, rows),
            OutputHiddenStates = false,
            OutputAttentions = false,
        };
    }

    private static Tensor? Repeat(Tensor? one, long rows)
    {
        if (one is null)
            return null;
        var shape = one.shape;
        shape[0] = rows;
        return one.expand(shape); // [1, S] -> [B, S]
    }
}
