namespace XDistilTorch.Engines.Kernels;

/// <summary>
/// One head's attention over one window: keys and values are made ready once, then queries come some at a time. Their scores, the softmax and the weighted values stay in the first-level cache,
/// and no [S, S] map is ever made.
/// </summary>
internal unsafe interface IAttention
{
    /// <summary>Puts a head's keys and values into the form and order in which <see cref="Attend"/> reads them.</summary>
    /// <param name="queries">[length, headSize], scaled by log2(e) / sqrt(D); all of the window, though perhaps only some of them come here.</param>
    /// <param name="keys">[length, headSize].</param>
    /// <param name="values">[length, headSize].</param>
    /// <param name="stride">From a row to the next, in floats; of all three.</param>
    /// <param name="length">How many tokens the window has.</param>
    /// <param name="headSize">D, a multiple of two vectors.</param>
    /// <param name="memory">Takes them.</param>
    static abstract void Prepare(float* queries, float* keys, float* values, nint stride, int length, int headSize, AttentionMemory memory);

    /// <summary>The context vectors of some queries.</summary>
    /// <param name="rows">How many queries, at most a tile's rows.</param>
    /// <param name="queries">[rows, headSize], scaled by log2(e) / sqrt(D).</param>
    /// <param name="strideQueries">In floats.</param>
    /// <param name="length">As many keys as were made ready.</param>
    /// <param name="headSize">D.</param>
    /// <param name="memory">What <see cref="Prepare"/> filled.</param>
    /// <param name="context">Takes [rows, headSize].</param>
    /// <param name="strideContext">In floats.</param>
    static abstract void Attend(
        int rows,
        float* queries,
        nint strideQueries,
        int length,
        int headSize,
        AttentionMemory memory,
        float* context,
        nint strideContext
    );
}
