using XDistilTorch.Engines.Kernels;

namespace XDistilTorch.Engines.Packed;

/// <summary>One encoder layer's numbers.</summary>
/// <param name="QueriesKeysValues">[H] -> [3 heads D], queries scaled by log2(e) / sqrt(D): scores are exponents of two, and no one has to scale them.</param>
/// <param name="AttentionOutput">[heads D] -> [H].</param>
/// <param name="AttentionNorm">LayerNorm after attention.</param>
/// <param name="Up">[H] -> [intermediate], with GELU.</param>
/// <param name="Down">[intermediate] -> [H].</param>
/// <param name="OutputNorm">LayerNorm after the MLP.</param>
/// <param name="Heads">How many heads this layer has.</param>
internal sealed record PackedLayer(
    PackedLinear QueriesKeysValues,
    PackedLinear AttentionOutput,
    NormNumbers AttentionNorm,
    PackedLinear Up,
    PackedLinear Down,
    NormNumbers OutputNorm,
    int Heads
) : IDisposable
{
    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[QueriesKeysValues, AttentionOutput, AttentionNorm, Up, Down, OutputNorm])
            part.Dispose();
    }
}
