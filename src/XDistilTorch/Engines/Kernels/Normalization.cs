using System.Runtime.CompilerServices;

namespace XDistilTorch.Engines.Kernels;

/// <summary>LayerNorm of a sum: what a projection gives, and the residual beside it.</summary>
internal static unsafe class Normalization<TVector, TVectors>
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
{
    /// <summary>residual = LayerNorm(x + residual), row by row.</summary>
    /// <param name="x">[rows, width], rows <paramref name="strideX"/> apart; scratch afterwards.</param>
    /// <param name="strideX">In floats.</param>
    /// <param name="residual">[rows, width], contiguous; takes the result.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="width">A multiple of the vector.</param>
    /// <param name="norm">Weight, bias and epsilon.</param>
    public static void AddAndApply(float* x, int strideX, float* residual, int rows, int width, NormNumbers norm)
    {
        for (var row = 0; row < rows; row++, x += strideX, residual += width)
            Row(x, residual, residual, width, norm);
    }

    /// <summary>y = LayerNorm(x + other) of one row; x becomes the sum, and y may be other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(float* x, float* other, float* y, int width, NormNumbers norm)
    {
        float* weight = norm.Weight,
            bias = norm.Bias;
        var total = TVectors.Create(0);
        for (var i = 0; i < width; i += TVectors.Count)
        {
            var sum = TVectors.Add(TVectors.Load(x + i), TVectors.Load(other + i));
            TVectors.Store(sum, x + i);
            total = TVectors.Add(total, sum);
        }
        var mean = TVectors.Create(TVectors.Sum(total) / width);
        var squares = TVectors.Create(0);
        for (var i = 0; i < width; i += TVectors.Count)
        {
            var centred = TVectors.Subtract(TVectors.Load(x + i), mean);
            squares = TVectors.MultiplyAdd(centred, centred, squares);
        }
        var scale = TVectors.Create(1 / MathF.Sqrt(TVectors.Sum(squares) / width + norm.Epsilon));
        for (var i = 0; i < width; i += TVectors.Count)
        {
            var normal = TVectors.Multiply(TVectors.Subtract(TVectors.Load(x + i), mean), scale);
            TVectors.Store(TVectors.MultiplyAdd(normal, TVectors.Load(weight + i), TVectors.Load(bias + i)), y + i);
        }
    }
}
