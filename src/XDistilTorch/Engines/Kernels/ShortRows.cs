using System.Runtime.CompilerServices;

namespace XDistilTorch.Engines.Kernels;

/// <summary>
/// Rows of floats as whole numbers of 16 bits, two in a word: place i of the first of two vectors beside place i of the second. Which number is paired with which does not matter to a sum of
/// products, as long as both sides are paired alike.
/// </summary>
internal static unsafe class ShortRows<TVector, TVectors>
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
{
    /// <summary>The largest number of 16 bits.</summary>
    public const int Most = short.MaxValue;

    // A row of zeros must not be divided by zero, nor may the product of two steps vanish.
    private const float SmallestStep = 1e-18f;

    /// <summary>Words of a row.</summary>
    /// <param name="width">A multiple of the vector.</param>
    public static int Words(int width) => (width + 2 * TVectors.Count - 1) / (2 * TVectors.Count) * TVectors.Count;

    /// <summary>The largest whole number of which <paramref name="products"/> products with numbers up to <paramref name="other"/> sum up within 32 bits.</summary>
    public static int Limit(int products, int other) => Math.Min(Most, int.MaxValue / (products * other));

    /// <summary>What one whole number stands for where the largest of some floats becomes <paramref name="limit"/>; not a number where one of them is not finite.</summary>
    public static float Step(float largest, int limit) => Math.Max(largest / limit, SmallestStep);

    /// <summary>The largest magnitude; not a number where a number is not finite.</summary>
    /// <param name="x">[rows, width].</param>
    /// <param name="stride">From a row to the next, in floats.</param>
    /// <param name="rows">How many.</param>
    /// <param name="width">A multiple of the vector.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Largest(float* x, nint stride, int rows, int width)
    {
        TVector zero = TVectors.Create(0),
            most = zero,
            least = zero,
            odd = zero;
        for (var row = 0; row < rows; row++, x += stride)
        for (var i = 0; i < width; i += TVectors.Count)
        {
            var next = TVectors.Load(x + i);
            most = TVectors.Max(most, next);
            least = TVectors.Min(least, next);
            odd = TVectors.Add(odd, TVectors.Subtract(next, next)); // 0; not a number where next is none, which most and least may lose
        }
        return Math.Max(TVectors.Largest(most), -TVectors.Smallest(least)) + TVectors.Sum(odd);
    }

    /// <summary>Rounds scale * x.</summary>
    /// <param name="x">[width].</param>
    /// <param name="width">A multiple of the vector.</param>
    /// <param name="scale">Whole numbers in 1; what becomes of x fits 16 bits.</param>
    /// <param name="words">Takes <see cref="Words"/>; may be <paramref name="x"/> itself.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float* x, int width, float scale, float* words)
    {
        var factor = TVectors.Create(scale);
        var i = 0;
        for (; i + 2 * TVectors.Count <= width; i += 2 * TVectors.Count, words += TVectors.Count)
            TVectors.Store(
                TVectors.RoundToPairs(
                    TVectors.Multiply(TVectors.Load(x + i), factor),
                    TVectors.Multiply(TVectors.Load(x + i + TVectors.Count), factor)
                ),
                words
            );
        if (i < width)
            TVectors.Store(TVectors.RoundToPairs(TVectors.Multiply(TVectors.Load(x + i), factor), TVectors.Create(0)), words);
    }
}
