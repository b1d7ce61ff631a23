using XDistilTorch.Engines;

namespace XDistilTorch.Bench.Rivals;

/// <summary>Only programs that compute the same are compared: what an engine's logits may be off, before its speed means anything.</summary>
internal static class EqualLogits
{
    private const double Exact = 2e-4, // fp32, as docs/onnx.md promises of the graphs
        OwnQuantized = 1.5, // as the tests hold it
        Quantized = 3; // of logits from about -10 to 10: a step for a whole matrix, and random ids. The loss that matters is F1's, which is measured elsewhere

    /// <returns>The largest difference of a logit from the reference's.</returns>
    /// <exception cref="InvalidOperationException">It is more than rounding explains.</exception>
    public static double Checked(IRival engine, IReadOnlyList<WindowLogits> logits, IReadOnlyList<WindowLogits> reference)
    {
        var largest = RivalsBench.LargestDifference(logits, reference);
        var allowed =
            !engine.Name.Contains("int8", StringComparison.Ordinal) ? Exact
            : engine is OurEngine ? OwnQuantized
            : Quantized;
        return largest <= allowed
            ? largest
            : throw new InvalidOperationException(
                $"{engine.Name}: its logits are off by {largest:0.0e0} from the module tree's, expected at most {allowed}: this is not the same model, and its speed says nothing."
            );
    }
}
