namespace XDistilTorch.Engines.Kernels;

/// <summary>A LayerNorm's numbers.</summary>
internal sealed unsafe class NormNumbers : IDisposable
{
    private readonly AlignedFloats numbers;
    private readonly int width;

    public NormNumbers(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, double epsilon)
    {
        width = weight.Length;
        numbers = new AlignedFloats(2L * width);
        weight.CopyTo(new Span<float>(Weight, width));
        bias.CopyTo(new Span<float>(Bias, width));
        Epsilon = (float)epsilon;
    }

    public float* Weight => numbers.Pointer;

    public float* Bias => numbers.Pointer + width;

    public float Epsilon { get; }

    public void Dispose() => numbers.Dispose();
}
