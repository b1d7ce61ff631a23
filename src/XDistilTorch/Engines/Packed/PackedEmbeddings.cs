using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using XDistilTorch.Engines.Kernels;
using XDistilTorch.Windows;
using static TorchSharp.torch;

namespace XDistilTorch.Engines.Packed;

/// <summary>
/// The embedding tables, which are read where the tree has them: a look-up gains nothing by another order, and 50 MB need not be held twice. The storage is kept
/// alive.
/// </summary>
internal sealed unsafe class PackedEmbeddings : IDisposable
{
    private readonly Tensor words,
        types,
        positions;
    private readonly NormNumbers norm;
    private readonly float* wordTable,
        typeTable,
        positionTable;
    private readonly int hidden;

    /// <summary>Shares the storage of the tables, fp32 on the CPU.</summary>
    public PackedEmbeddings(Tensor words, Tensor types, Tensor positions, NormNumbers norm)
    {
        (this.words, this.types, this.positions, this.norm) = (Share(words), Share(types), Share(positions), norm);
        wordTable = Address(this.words);
        typeTable = Address(this.types);
        positionTable = Address(this.positions);
        hidden = (int)words.shape[1];
    }

    // A handle of its own, which lives as long as this object and in nobody's scope.
    private static Tensor Share(Tensor table) => PlainTensor.Of(table).DetachFromDisposeScope();

    /// <summary>LayerNorm(word + type + position) of the tokens <paramref name="from"/> to <paramref name="to"/> of a window, one row each.</summary>
    public void Embed<TVector, TVectors>(TokenWindow window, int from, int to, float* rows, float* scratch)
        where TVector : struct
        where TVectors : struct, IVectors<TVector>
    {
        for (var token = from; token < to; token++, rows += hidden)
        {
            float* word = wordTable + (long)window.Ids[token] * hidden,
                type = typeTable + (long)window.TypeIds[token] * hidden,
                position = positionTable + (long)token * hidden;
            for (var i = 0; i < hidden; i += TVectors.Count)
                TVectors.Store(TVectors.Add(TVectors.Load(word + i), TVectors.Load(type + i)), scratch + i);
            Normalization<TVector, TVectors>.Row(scratch, position, rows, hidden, norm);
        }
    }

    private static float* Address(Tensor table) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(table.bytes));

    public void Dispose()
    {
        words.Dispose();
        types.Dispose();
        positions.Dispose();
        norm.Dispose();
    }
}
