namespace XDistilTorch.Engines.Kernels;

/// <summary>Attention in fp32.</summary>
internal readonly unsafe struct FloatAttention<TVector, TVectors> : IAttention
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
{
    private static int Panel => Panels<TVector, TVectors>.Width;

    public static void Prepare(float* queries, float* keys, float* values, nint stride, int length, int headSize, AttentionMemory memory)
    {
        Panels<TVector, TVectors>.Transpose(keys, stride, length, headSize, memory.Keys);
        PackValues(values, stride, length, headSize, memory.Values);
    }

    // As the tile wants its right matrix: panels of features, [headSize / panel, length, panel].
    private static void PackValues(float* values, nint stride, int length, int headSize, float* packed)
    {
        for (var feature = 0; feature < headSize; feature += Panel)
        {
            var value = values + feature;
            for (var row = 0; row < length; row++, value += stride, packed += Panel)
            {
                TVectors.Store(TVectors.Load(value), packed);
                TVectors.Store(TVectors.Load(value + TVectors.Count), packed + TVectors.Count);
            }
        }
    }

    public static void Attend(
        int rows,
        float* queries,
        nint strideQueries,
        int length,
        int headSize,
        AttentionMemory memory,
        float* context,
        nint strideContext
    )
    {
        var padded = Panels<TVector, TVectors>.Padded(length);
        for (var key = 0; key < padded; key += Panel)
            Tiles<TVector, TVectors>.Multiply<FloatProducts<TVector, TVectors>>(
                rows,
                queries,
                strideQueries,
                memory.Keys + key * headSize,
                Panel,
                headSize,
                memory.Zeros,
                memory.Scores + key,
                padded
            );
        var scales = stackalloc float[TVectors.TileRows];
        for (var row = 0; row < rows; row++)
            scales[row] = 1 / Softmax<TVector, TVectors>.Exponentiate(memory.Scores + row * padded, length, padded, scale: 1);
        for (var feature = 0; feature < headSize; feature += Panel)
        {
            Tiles<TVector, TVectors>.Multiply<FloatProducts<TVector, TVectors>>(
                rows,
                memory.Scores,
                padded,
                memory.Values + feature * length,
                Panel,
                length,
                memory.Zeros,
                context + feature,
                strideContext
            );
            WeightedRows<TVector, TVectors>.Scale(context + feature, rows, strideContext, scales);
        }
    }
}
