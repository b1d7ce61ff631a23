namespace XDistilTorch.Engines.Kernels;

/// <summary>Rows of two vectors, each with a factor of its own.</summary>
internal static unsafe class WeightedRows<TVector, TVectors>
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
{
    /// <summary>Multiplies every row by its factor.</summary>
    /// <param name="x">[rows, two vectors].</param>
    /// <param name="rows">How many.</param>
    /// <param name="stride">From a row to the next, in floats.</param>
    /// <param name="factors">[rows].</param>
    public static void Scale(float* x, int rows, nint stride, float* factors)
    {
        for (var row = 0; row < rows; row++, x += stride)
        {
            var factor = TVectors.Create(factors[row]);
            TVectors.Store(TVectors.Multiply(TVectors.Load(x), factor), x);
            TVectors.Store(TVectors.Multiply(TVectors.Load(x + TVectors.Count), factor), x + TVectors.Count);
        }
    }
}
