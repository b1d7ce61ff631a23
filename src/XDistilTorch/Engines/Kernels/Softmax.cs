using System.Runtime.CompilerServices;

namespace XDistilTorch.Engines.Kernels;

/// <summary>The softmax of a row of scores but for its division, which waits until the values are summed: D numbers instead of S.</summary>
internal static unsafe class Softmax<TVector, TVectors>
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
{
    /// <summary>2^(scale (score - largest)) in place; gives their sum.</summary>
    /// <param name="scores">[padded].</param>
    /// <param name="length">How many of them there are; those behind become zeros.</param>
    /// <param name="padded">A multiple of two vectors.</param>
    /// <param name="scale">Above zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Exponentiate(float* scores, int length, int padded, float scale)
    {
        new Span<float>(scores + length, padded - length).Fill(float.NegativeInfinity);
        TVector most = TVectors.Load(scores),
            other = TVectors.Load(scores + TVectors.Count);
        for (var i = 2 * TVectors.Count; i < padded; i += 2 * TVectors.Count)
        {
            most = TVectors.Max(most, TVectors.Load(scores + i));
            other = TVectors.Max(other, TVectors.Load(scores + i + TVectors.Count));
        }
        TVector largest = TVectors.Create(TVectors.Largest(TVectors.Max(most, other))),
            factor = TVectors.Create(scale);
        TVector sum = TVectors.Create(0),
            second = sum;
        for (var i = 0; i < padded; i += 2 * TVectors.Count)
        {
            var x = Power(scores + i, largest, factor);
            var y = Power(scores + i + TVectors.Count, largest, factor);
            TVectors.Store(x, scores + i);
            TVectors.Store(y, scores + i + TVectors.Count);
            sum = TVectors.Add(sum, x);
            second = TVectors.Add(second, y);
        }
        return TVectors.Sum(TVectors.Add(sum, second));
    }

    // The difference first: it is 0 for the largest, and no power exceeds 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Power(float* score, TVector largest, TVector factor) =>
        ExponentOfTwo<TVector, TVectors>.Of(TVectors.Multiply(TVectors.Subtract(TVectors.Load(score), largest), factor));
}
