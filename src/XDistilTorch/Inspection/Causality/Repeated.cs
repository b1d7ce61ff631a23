using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Causality;

/// <summary>One window several times, for passes whose rows differ in what is replaced.</summary>
internal static class Repeated
{
    /// <param name="input">One window, [1, S].</param>
    /// <param name="rows">How often.</param>
    /// <returns>[rows, S]; the tensors belong to the dispose scope around.</returns>
    /// <exception cref="ArgumentException">There are several windows.</exception>
    public static BertInput Of(BertInput input, int rows)
    {
        ArgumentNullException.ThrowIfNull(input);
        if ((input.InputIds ?? input.InputsEmbeds)?.shape[0] is not 1)
            throw new ArgumentException("expected one window, [1, S].", nameof(input));
        Tensor? Repeat(Tensor? tensor) => tensor?.expand([rows, .. tensor.shape[1..]]);
        return input with
        {
            InputIds = Repeat(input.InputIds),
            InputsEmbeds = Repeat(input.InputsEmbeds),
            AttentionMask = Repeat(input.AttentionMask),
            TokenTypeIds = Repeat(input.TokenTypeIds),
            PositionIds = Repeat(input.PositionIds),
        };
    }
}
