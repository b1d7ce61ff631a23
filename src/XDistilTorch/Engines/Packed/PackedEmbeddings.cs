using XDistilTorch.Engines.Kernels;
using XDistilTorch.Windows;

namespace XDistilTorch.Engines.Packed;

/// <summary>The embedding tables and the LayerNorm after them.</summary>
internal sealed unsafe class PackedEmbeddings(
    EmbeddingTable words,
    EmbeddingTable types,
    EmbeddingTable positions,
    NormNumbers norm,
    int hidden
) : IDisposable
{
    /// <summary>LayerNorm(word + type + position) of the tokens <paramref name="from"/> to <paramref name="to"/> of a window, one row each.</summary>
    /// <param name="window">The window.</param>
    /// <param name="from">The first token.</param>
    /// <param name="to">The token after the last one.</param>
    /// <param name="rows">Takes [to - from, H].</param>
    /// <param name="scratch">[3 H].</param>
    public void Embed<TVector, TVectors>(TokenWindow window, int from, int to, float* rows, float* scratch)
        where TVector : struct
        where TVectors : struct, IVectors<TVector>
    {
        for (var token = from; token < to; token++, rows += hidden)
        {
            float* word = words.Row(window.Ids[token], scratch),
                type = types.Row(window.TypeIds[token], scratch + hidden),
                position = positions.Row(token, scratch + 2 * hidden);
            for (var i = 0; i < hidden; i += TVectors.Count)
                TVectors.Store(TVectors.Add(TVectors.Load(word + i), TVectors.Load(type + i)), scratch + i);
            Normalization<TVector, TVectors>.Row(scratch, position, rows, hidden, norm);
        }
    }

    public void Dispose()
    {
        words.Dispose();
        types.Dispose();
        positions.Dispose();
        norm.Dispose();
    }
}
