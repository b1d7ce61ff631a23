using XDistilTorch.Engines.Kernels;

namespace XDistilTorch.Engines.Packed;

/// <summary>What one worker computes in; made once, so that a forward pass allocates nothing.</summary>
internal sealed unsafe class WorkerMemory : IDisposable
{
    private const int MostPanel = 32;

    private readonly List<AlignedFloats> all = [];

    public WorkerMemory(PackedShape shape)
    {
        int widest = Math.Max(shape.Intermediate, Math.Max(3 * shape.Attention, shape.Hidden + MostPanel));
        Middle = Take((long)shape.BlockRows * shape.Intermediate);
        Projected = Take((long)shape.BlockRows * (shape.Hidden + MostPanel));
        Attention = new AttentionMemory(shape.Positions, shape.HeadSize);
        Quantized = (byte*)Take((long)shape.BlockRows * (widest + MostPanel) / 2);
        RowScales = Take(shape.BlockRows);
        RowZeros = Take(shape.BlockRows);
    }

    /// <summary>[block, intermediate]: the MLP's inner numbers.</summary>
    public float* Middle { get; }

    /// <summary>[block, H]: what a projection gives, before the residual.</summary>
    public float* Projected { get; }

    /// <summary>What attention computes in.</summary>
    public AttentionMemory Attention { get; }

    /// <summary>[block, inputs] bytes, or whole numbers of 16 bits: what a quantised product reads.</summary>
    public byte* Quantized { get; }

    /// <summary>[block]: the step of each row's bytes.</summary>
    public float* RowScales { get; }

    /// <summary>[block]: the byte that stands for zero.</summary>
    public float* RowZeros { get; }

    private float* Take(long count)
    {
        all.Add(new AlignedFloats(count));
        return all[^1].Pointer;
    }

    public void Dispose()
    {
        Attention.Dispose();
        all.ForEach(memory => memory.Dispose());
    }
}
