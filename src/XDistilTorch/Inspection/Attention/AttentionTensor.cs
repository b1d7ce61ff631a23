using static TorchSharp.torch;

namespace XDistilTorch.Inspection;

/// <summary>What every measure asks of attention probabilities, checked before native code sees them: mismatched matrices would end the process there.</summary>
internal static class AttentionTensor
{
    /// <summary>The probabilities in single precision at least, [..., S queries, S keys].</summary>
    /// <param name="probabilities">As recorded.</param>
    /// <param name="length">S where it is known from elsewhere.</param>
    /// <exception cref="ArgumentException">They have another shape.</exception>
    public static Tensor Checked(Tensor probabilities, int? length = null)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        var fits = probabilities.shape is [.., var queries, var keys] && queries == keys && queries == (length ?? queries);
        if (!fits)
            throw new ArgumentException(
                $"attention is [{string.Join(", ", probabilities.shape)}], expected [..., heads, {Side(length)}, {Side(length)}].",
                nameof(probabilities)
            );
        return probabilities.dtype is ScalarType.Float32 or ScalarType.Float64 ? probabilities : probabilities.to(ScalarType.Float32);
    }

    private static string Side(int? length) =>
        length is { } known ? known.ToString(System.Globalization.CultureInfo.InvariantCulture) : "S";
}
