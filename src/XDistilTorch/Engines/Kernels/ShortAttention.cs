using System.Runtime.CompilerServices;

namespace XDistilTorch.Engines.Kernels;

/// <summary>
/// Attention whose two products are in whole numbers of 16 bits, twice as many at once as of floats: a head's queries, keys and values with a step each for the window, and weights by steps that use 16
/// bits as far as their sum leaves room. All sums are exact; the softmax is in fp32.
/// </summary>
internal readonly unsafe struct ShortAttention<TVector, TVectors> : IAttention
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
{
    // Values of 12 bits, and weights that sum up to what 32 bits then leave (rounding, half a step for each of a window's weights, included).
    private const int LargestValue = 4095;
    private const float LargestSum = 500_000;

    private static int Panel => Panels<TVector, TVectors>.Width;

    public static void Prepare(float* queries, float* keys, float* values, nint stride, int length, int headSize, AttentionMemory memory)
    {
        memory.QueryStep = Step(queries, stride, length, headSize, LargestFactor(headSize));
        memory.KeyStep = Step(keys, stride, length, headSize, LargestFactor(headSize));
        memory.ValueStep = Step(values, stride, length, headSize, LargestValue);
        var words = headSize / 2;
        for (var row = 0; row < length; row++)
            ShortRows<TVector, TVectors>.Pack(keys + row * stride, headSize, 1 / memory.KeyStep, memory.Rows + row * words);
        Panels<TVector, TVectors>.Transpose(memory.Rows, words, length, words, memory.Keys);
        for (var feature = 0; feature < headSize; feature += Panel)
            PackValues(values + feature, stride, length, 1 / memory.ValueStep, memory.Values + feature * Words(length));
    }

    // As large as 32 bits allow for the sum of D products of two such numbers.
    private static int LargestFactor(int headSize) => Math.Min(ShortRows<TVector, TVectors>.Most, (int)Math.Sqrt(int.MaxValue / headSize));

    private static float Step(float* rows, nint stride, int length, int headSize, int limit) =>
        ShortRows<TVector, TVectors>.Step(ShortRows<TVector, TVectors>.Largest(rows, stride, length, headSize), limit);

    // Weights are paired as ShortRows pairs them, a vector beside the next one; where the last two are not full, only as many words as the first has are needed.
    private static int Words(int length) => length / Panel * TVectors.Count + Math.Min(TVectors.Count, length % Panel);

    // A panel of features: [words, panel], each word the feature of two tokens that lie a vector apart.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackValues(float* values, nint stride, int length, float scale, float* packed)
    {
        TVector factor = TVectors.Create(scale),
            zero = TVectors.Create(0);
        for (var block = 0; block < length; block += Panel)
        {
            var words = Math.Min(TVectors.Count, length - block);
            for (var word = 0; word < words; word++, packed += Panel)
            {
                var low = values + (block + word) * stride;
                var high = low + TVectors.Count * stride;
                var isPair = block + word + TVectors.Count < length;
                for (var place = 0; place < Panel; place += TVectors.Count)
                    TVectors.Store(
                        TVectors.RoundToPairs(
                            TVectors.Multiply(TVectors.Load(low + place), factor),
                            isPair ? TVectors.Multiply(TVectors.Load(high + place), factor) : zero
                        ),
                        packed + place
                    );
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
        int padded = Panels<TVector, TVectors>.Padded(length),
            words = headSize / 2;
        for (var row = 0; row < rows; row++)
            ShortRows<TVector, TVectors>.Pack(queries + row * strideQueries, headSize, 1 / memory.QueryStep, memory.Queries + row * words);
        for (var key = 0; key < padded; key += Panel)
            Tiles<TVector, TVectors>.Multiply<PairProducts<TVector, TVectors>>(
                rows,
                memory.Queries,
                words,
                memory.Keys + key * words,
                Panel,
                words,
                memory.Zeros,
                memory.Scores + key,
                padded
            );
        var scales = stackalloc float[TVectors.TileRows];
        for (var row = 0; row < rows; row++)
            scales[row] = memory.ValueStep * Weigh(memory.Scores + row * padded, length, padded, memory.QueryStep * memory.KeyStep);
        for (var feature = 0; feature < headSize; feature += Panel)
        {
            Tiles<TVector, TVectors>.Multiply<PairProducts<TVector, TVectors>>(
                rows,
                memory.Scores,
                padded,
                memory.Values + feature * Words(length),
                Panel,
                Words(length),
                memory.Zeros,
                context + feature,
                strideContext
            );
            WeightedRows<TVector, TVectors>.Scale(context + feature, rows, strideContext, scales);
        }
    }

    // Scores to pairs of weights, in place; gives the part of 1 that a whole number stands for. Their sum is that before rounding: half a step of each of 512 weights is 0.05 % of it.
    private static float Weigh(float* scores, int length, int padded, float scale)
    {
        var sum = Softmax<TVector, TVectors>.Exponentiate(scores, length, padded, scale);
        var steps = Math.Min(ShortRows<TVector, TVectors>.Most, LargestSum / sum);
        ShortRows<TVector, TVectors>.Pack(scores, padded, steps, scores);
        return 1 / (steps * sum);
    }
}
