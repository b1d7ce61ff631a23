using System.Runtime.CompilerServices;

namespace XDistilTorch.Engines.Kernels;

/// <summary>The right matrix of a product as the tile reads it: two vectors of columns at a time, from its first row to its last.</summary>
internal static unsafe class Panels<TVector, TVectors>
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
{
    // Columns of the panel that are written together: what is read of each row in that time stays in the first-level cache.
    private const int Together = 16;

    /// <summary>Columns of a panel.</summary>
    public static int Width => 2 * TVectors.Count;

    /// <summary>So many columns and those that are missing in the last panel.</summary>
    public static int Padded(int columns) => (columns + Width - 1) / Width * Width;

    /// <summary>The columns of the right matrix lie as rows: weights by output, keys by token. Columns missing in the last panel are zeros.</summary>
    /// <param name="source">[count, inner], rows <paramref name="stride"/> apart.</param>
    /// <param name="stride">In floats.</param>
    /// <param name="count">How many.</param>
    /// <param name="inner">The inner dimension.</param>
    /// <param name="panels">Takes [panels, inner, <see cref="Width"/>].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, nint stride, int count, int inner, float* panels)
    {
        for (var first = 0; first < count; first += Width, panels += (nint)Width * inner)
        {
            var here = Math.Min(Width, count - first);
            if (here < Width)
                new Span<float>(panels, Width * inner).Clear();
            for (var from = 0; from < inner; from += Together)
            {
                var to = Math.Min(inner, from + Together);
                var row = source + first * stride;
                for (var column = 0; column < here; column++, row += stride)
                for (var i = from; i < to; i++)
                    panels[i * Width + column] = row[i];
            }
        }
    }
}
