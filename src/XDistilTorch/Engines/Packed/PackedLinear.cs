namespace XDistilTorch.Engines.Packed;

/// <summary>A linear layer as an engine keeps it: its numbers in the order in which the product reads them.</summary>
internal abstract unsafe class PackedLinear : IDisposable
{
    /// <summary>Width of a row that comes in.</summary>
    public required int Inputs { get; init; }

    /// <summary>Distance of the rows that go out, in floats: the outputs, and zeros up to a whole panel.</summary>
    public required int Stride { get; init; }

    /// <summary>y = x W^T + bias, and GELU of it where the layer has one.</summary>
    /// <param name="x">[rows, inputs], rows <paramref name="strideX"/> apart.</param>
    /// <param name="strideX">In floats.</param>
    /// <param name="rows">At most <see cref="PackedShape.BlockRows"/>.</param>
    /// <param name="y">Takes [rows, outputs], rows <see cref="Stride"/> apart.</param>
    /// <param name="scratch">The calling worker's.</param>
    public abstract void Multiply(float* x, int strideX, int rows, float* y, WorkerMemory scratch);

    public abstract void Dispose();
}
