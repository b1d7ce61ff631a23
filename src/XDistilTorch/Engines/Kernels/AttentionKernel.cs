using System.Runtime.CompilerServices;

namespace XDistilTorch.Engines.Kernels;

/// <summary>
/// One head's attention over one window, some queries at a time: their scores, the softmax and the weighted values stay in the first-level cache, and no [S, S] map
/// is ever made.
/// </summary>
internal static unsafe class AttentionKernel<TVector, TVectors>
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
{
    private static int Panel => 2 * TVectors.Count;

    /// <summary>Length of a row of scores, in floats.</summary>
    public static int Padded(int length) => (length + Panel - 1) / Panel * Panel;

    /// <summary>Values as the tile wants its right matrix: panels of features, [headSize / panel, length, panel].</summary>
    public static void PackValues(float* values, nint stride, int length, int headSize, float* packed)
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

    /// <summary>The context vectors of some queries, at most a tile's rows.</summary>
    /// <param name="rows">How many queries.</param>
    /// <param name="queries">[rows, headSize], scaled by log2(e) / sqrt(D).</param>
    /// <param name="strideQueries">In floats.</param>
    /// <param name="keys">As <see cref="Panels{TVector,TVectors}.Transpose"/> makes them.</param>
    /// <param name="values">As <see cref="PackValues"/> made them.</param>
    /// <param name="length">How many keys.</param>
    /// <param name="headSize">D, a multiple of the panel.</param>
    /// <param name="scores">Scratch: a tile's rows of <see cref="Padded"/> floats.</param>
    /// <param name="zeros">Two vectors of zeros.</param>
    /// <param name="context">Takes [rows, headSize].</param>
    /// <param name="strideContext">In floats.</param>
    public static void Attend(
        int rows,
        float* queries,
        nint strideQueries,
        float* keys,
        float* values,
        int length,
        int headSize,
        float* scores,
        float* zeros,
        float* context,
        nint strideContext
    )
    {
        var padded = Padded(length);
        for (var key = 0; key < padded; key += Panel)
            Tiles<TVector, TVectors>.Multiply(
                rows,
                queries,
                strideQueries,
                keys + key * headSize,
                Panel,
                headSize,
                zeros,
                scores + key,
                padded
            );
        var scales = stackalloc float[TVectors.TileRows];
        for (var row = 0; row < rows; row++)
            scales[row] = 1 / Exponentiate(scores + row * padded, length, padded);
        for (var feature = 0; feature < headSize; feature += Panel)
        {
            Tiles<TVector, TVectors>.Multiply(
                rows,
                scores,
                padded,
                values + feature * length,
                Panel,
                length,
                zeros,
                context + feature,
                strideContext
            );
            Scale(context + feature, rows, strideContext, scales);
        }
    }

    // 2^(score - largest) in place; gives their sum. The softmax's division waits until the values are summed: D numbers instead of S.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Exponentiate(float* scores, int length, int padded)
    {
        new Span<float>(scores + length, padded - length).Fill(float.NegativeInfinity);
        TVector most = TVectors.Load(scores),
            other = TVectors.Load(scores + TVectors.Count);
        for (var i = 2 * TVectors.Count; i < padded; i += 2 * TVectors.Count)
        {
            most = TVectors.Max(most, TVectors.Load(scores + i));
            other = TVectors.Max(other, TVectors.Load(scores + i + TVectors.Count));
        }
        var largest = TVectors.Create(TVectors.Largest(TVectors.Max(most, other)));
        TVector sum = TVectors.Create(0),
            second = sum;
        for (var i = 0; i < padded; i += 2 * TVectors.Count)
        {
            var x = ExponentOfTwo<TVector, TVectors>.Of(TVectors.Subtract(TVectors.Load(scores + i), largest));
            var y = ExponentOfTwo<TVector, TVectors>.Of(TVectors.Subtract(TVectors.Load(scores + i + TVectors.Count), largest));
            TVectors.Store(x, scores + i);
            TVectors.Store(y, scores + i + TVectors.Count);
            sum = TVectors.Add(sum, x);
            second = TVectors.Add(second, y);
        }
        return TVectors.Sum(TVectors.Add(sum, second));
    }

    private static void Scale(float* context, int rows, nint stride, float* scales)
    {
        for (var row = 0; row < rows; row++, context += stride)
        {
            var scale = TVectors.Create(scales[row]);
            TVectors.Store(TVectors.Multiply(TVectors.Load(context), scale), context);
            TVectors.Store(TVectors.Multiply(TVectors.Load(context + TVectors.Count), scale), context + TVectors.Count);
        }
    }
}
