using System.Runtime.CompilerServices;

namespace XDistilTorch.Engines.Kernels;

/// <summary>Floats to bytes and whole-number products back to floats, row by row.</summary>
internal static unsafe class Quantization<TVector, TVectors>
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
{
    /// <summary>No step is smaller: a row of zeros must not be divided by zero.</summary>
    public const float SmallestStep = 1e-30f;

    /// <summary>A row that is not finite gets a scale that is not. Else x = scale * (byte - zero), as near as <paramref name="steps"/> steps from the row's least to its largest number allow.</summary>
    /// <param name="x">[width].</param>
    /// <param name="width">A multiple of the vector.</param>
    /// <param name="steps">The largest byte.</param>
    /// <param name="bytes">Takes [width].</param>
    /// <param name="scale">The step.</param>
    /// <param name="zero">The byte that stands for 0, a whole number.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(float* x, int width, float steps, byte* bytes, out float scale, out float zero)
    {
        TVector least = TVectors.Create(0),
            most = least,
            odd = least;
        for (var i = 0; i < width; i += TVectors.Count)
        {
            var next = TVectors.Load(x + i);
            least = TVectors.Min(least, next);
            most = TVectors.Max(most, next);
            odd = TVectors.Add(odd, TVectors.Subtract(next, next)); // 0; not a number where next is none, which least and most may lose
        }
        var smallest = TVectors.Smallest(least);
        scale = Math.Max((TVectors.Largest(most) - smallest) / steps, SmallestStep) + TVectors.Sum(odd);
        zero = MathF.Round(-smallest / scale);
        TVector inverse = TVectors.Create(1 / scale),
            shift = TVectors.Create(zero),
            last = TVectors.Create(steps),
            first = TVectors.Create(0);
        for (var i = 0; i < width; i += TVectors.Count)
        {
            var place = TVectors.Round(TVectors.MultiplyAdd(TVectors.Load(x + i), inverse, shift));
            TVectors.StoreBytes(TVectors.Max(TVectors.Min(place, last), first), bytes + i);
        }
    }

    /// <summary>y = scale * (product - zero * sums) + bias, and GELU of it, as near as bytes that follow need it.</summary>
    /// <param name="product">[width]: bytes times quantised weights, times the weights' steps.</param>
    /// <param name="scale">The row's step.</param>
    /// <param name="zero">The row's byte of 0.</param>
    /// <param name="sums">[width]: the quantised weights of each output, summed, times their step.</param>
    /// <param name="bias">[width].</param>
    /// <param name="width">A multiple of two vectors.</param>
    /// <param name="gelu">Whether GELU follows.</param>
    /// <param name="y">Takes [width].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dequantize(float* product, float scale, float zero, float* sums, float* bias, int width, bool gelu, float* y)
    {
        TVector step = TVectors.Create(scale),
            shift = TVectors.Create(-scale * zero);
        for (var i = 0; i < width; i += 2 * TVectors.Count)
        {
            TVector left = Dequantized(product + i, sums + i, bias + i, step, shift),
                right = Dequantized(product + i + TVectors.Count, sums + i + TVectors.Count, bias + i + TVectors.Count, step, shift);
            if (gelu)
                (left, right) = (Gelu<TVector, TVectors>.Rough(left), Gelu<TVector, TVectors>.Rough(right));
            TVectors.Store(left, y + i);
            TVectors.Store(right, y + i + TVectors.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Dequantized(float* product, float* sum, float* bias, TVector step, TVector shift) =>
        TVectors.MultiplyAdd(TVectors.Load(product), step, TVectors.MultiplyAdd(TVectors.Load(sum), shift, TVectors.Load(bias)));
}
