using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using XDistilTorch.Engines.Kernels;
using XDistilTorch.Numerics;
using static TorchSharp.torch;

namespace XDistilTorch.Engines.Packed;

/// <summary>An embedding's rows as an engine keeps them. A look-up gains nothing by another order, so that a large table is held once, as it came.</summary>
internal abstract unsafe class EmbeddingTable : IDisposable
{
    /// <summary>One row, [H], good until the next look-up with the same scratch memory.</summary>
    /// <param name="row">Which one.</param>
    /// <param name="scratch">[H]: where it is put if it does not lie in memory as fp32.</param>
    public abstract float* Row(int row, float* scratch);

    public abstract void Dispose();

    /// <summary>The table of a parameter [rows, H]: a module's own memory, shared; a file's numbers copied, halves as halves.</summary>
    public static EmbeddingTable Of(INumbers numbers) =>
        numbers is TensorNumbers tensor ? new SharedTable(tensor.Tensor)
        : HalfTable.TryCopy(numbers) is { } halves ? halves
        : new FloatTable(numbers);

    private static int Count(INumbers numbers) => checked((int)(numbers.Shape[0] * numbers.Shape[1]));

    private sealed class SharedTable : EmbeddingTable
    {
        private readonly Tensor table;
        private readonly float* start;
        private readonly long width;

        // A handle of its own, which lives as long as this object and in nobody's scope.
        public SharedTable(Tensor parameter)
        {
            table = PlainTensor.Of(parameter).DetachFromDisposeScope();
            start = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(table.bytes));
            width = table.shape[1];
        }

        public override float* Row(int row, float* scratch) => start + row * width;

        public override void Dispose() => table.Dispose();
    }

    private sealed class FloatTable : EmbeddingTable
    {
        private readonly AlignedFloats table;
        private readonly long width;

        public FloatTable(INumbers numbers)
        {
            width = numbers.Shape[1];
            table = new AlignedFloats(Count(numbers));
            numbers.CopyTo(new Span<float>(table.Pointer, Count(numbers)));
        }

        public override float* Row(int row, float* scratch) => table.Pointer + row * width;

        public override void Dispose() => table.Dispose();
    }

    private sealed class HalfTable(AlignedFloats table, int width) : EmbeddingTable
    {
        public static HalfTable? TryCopy(INumbers numbers)
        {
            var count = Count(numbers);
            var table = new AlignedFloats((count + 1L) / 2); // two in the place of a float
            if (numbers.TryCopyHalves(new Span<ushort>(table.Pointer, count)))
                return new HalfTable(table, (int)numbers.Shape[1]);
            table.Dispose();
            return null;
        }

        public override float* Row(int row, float* scratch)
        {
            Halves.ToFloats(new ReadOnlySpan<ushort>((ushort*)table.Pointer + (long)row * width, width), new Span<float>(scratch, width));
            return scratch;
        }

        public override void Dispose() => table.Dispose();
    }
}
