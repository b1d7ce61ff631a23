namespace XDistilTorch.Engines.Kernels;

/// <summary>What one worker's attention computes in, made once.</summary>
/// <param name="positions">The longest window.</param>
/// <param name="headSize">D, padded.</param>
internal sealed unsafe class AttentionMemory(int positions, int headSize) : IDisposable
{
    private const int MostTileRows = 16,
        MostPanel = 32;

    private static int Padded(int count) => (count + MostPanel - 1) / MostPanel * MostPanel;

    private readonly AlignedFloats keys = new((long)Padded(positions) * headSize),
        values = new((long)Padded(positions) * headSize),
        rows = new((long)Padded(positions) * headSize / 2),
        queries = new((long)MostTileRows * headSize / 2),
        scores = new((long)MostTileRows * Padded(positions)),
        zeros = new(MostPanel);

    /// <summary>One head's keys, packed.</summary>
    public float* Keys => keys.Pointer;

    /// <summary>One head's values, packed.</summary>
    public float* Values => values.Pointer;

    /// <summary>[S, D / 2]: the keys as pairs of whole numbers, on their way to <see cref="Keys"/>.</summary>
    public float* Rows => rows.Pointer;

    /// <summary>[tile rows, D / 2]: queries as pairs of whole numbers.</summary>
    public float* Queries => queries.Pointer;

    /// <summary>[tile rows, S].</summary>
    public float* Scores => scores.Pointer;

    /// <summary>Two vectors of zeros, for sums to start from.</summary>
    public float* Zeros => zeros.Pointer;

    /// <summary>What one of a query's whole numbers stands for.</summary>
    public float QueryStep { get; set; }

    /// <summary>What one of a key's whole numbers stands for.</summary>
    public float KeyStep { get; set; }

    /// <summary>What one of a value's whole numbers stands for.</summary>
    public float ValueStep { get; set; }

    public void Dispose()
    {
        foreach (var memory in (AlignedFloats[])[keys, values, rows, queries, scores, zeros])
            memory.Dispose();
    }
}
