using XDistilTorch.Engines.Kernels;

namespace XDistilTorch.Engines.Packed;

/// <summary>The hidden states and projections of one pack, which the members of a team share.</summary>
internal sealed unsafe class PackMemory : IDisposable
{
    private readonly AlignedFloats hidden,
        context,
        logits;
    private readonly AlignedFloats[] projections;

    public PackMemory(PackedShape shape)
    {
        hidden = new AlignedFloats((long)shape.PackRows * shape.Hidden);
        context = new AlignedFloats((long)shape.PackRows * shape.Attention);
        logits = new AlignedFloats(2L * shape.PackRows);
        projections = [Projections(shape), Projections(shape)];
    }

    private static AlignedFloats Projections(PackedShape shape) => new((long)shape.PackRows * 3 * shape.Attention);

    /// <summary>[rows, H].</summary>
    public float* Hidden => hidden.Pointer;

    /// <summary>[rows, heads D]: the heads' context vectors side by side.</summary>
    public float* Context => context.Pointer;

    /// <summary>[rows, 2].</summary>
    public float* Logits => logits.Pointer;

    /// <summary>
    /// [rows, 3 heads D]: queries, keys and values of all heads. Two of them, by turns: who is a layer ahead does not overwrite what others still read, so that a
    /// team meets once a layer only.
    /// </summary>
    public float* Projection(int layer) => projections[layer % 2].Pointer;

    public void Dispose()
    {
        hidden.Dispose();
        context.Dispose();
        logits.Dispose();
        foreach (var projection in projections)
            projection.Dispose();
    }
}
