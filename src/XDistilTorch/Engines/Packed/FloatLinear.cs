using XDistilTorch.Engines.Kernels;

namespace XDistilTorch.Engines.Packed;

/// <summary>
/// In fp32. Weights lie in panels of two vectors of outputs, each [inputs, panel]: the tile reads them once from end to end. The sums start from the bias, and
/// GELU is applied to a tile while it is in the first-level cache.
/// </summary>
internal sealed unsafe class FloatLinear<TVector, TVectors> : PackedLinear
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
{
    private readonly AlignedFloats weights,
        bias;
    private readonly bool gelu;

    public static int Panel => Panels<TVector, TVectors>.Width;

    private FloatLinear(AlignedFloats weights, AlignedFloats bias, bool gelu)
    {
        (this.weights, this.bias, this.gelu) = (weights, bias, gelu);
    }

    /// <summary>Packs a layer; the matrix is not needed afterwards.</summary>
    public static FloatLinear<TVector, TVectors> Pack(DenseMatrix matrix, bool gelu = false)
    {
        var stride = Panels<TVector, TVectors>.Padded(matrix.Outputs);
        var weights = new AlignedFloats((long)stride * matrix.Inputs);
        var bias = new AlignedFloats(stride);
        matrix.Bias.CopyTo(new Span<float>(bias.Pointer, matrix.Outputs));
        Panels<TVector, TVectors>.Transpose(matrix.Weight, matrix.Inputs, matrix.Outputs, matrix.Inputs, weights.Pointer);
        return new FloatLinear<TVector, TVectors>(weights, bias, gelu) { Inputs = matrix.Inputs, Stride = stride };
    }

    public override void Multiply(float* x, int strideX, int rows, float* y, WorkerMemory scratch)
    {
        var tiles = Tiles<TVector, TVectors>.Count(rows);
        for (var output = 0; output < Stride; output += Panel)
        {
            var panel = weights.Pointer + (long)output * Inputs;
            for (var tile = 0; tile < tiles; tile++)
            {
                int first = Tiles<TVector, TVectors>.FirstRow(tile, tiles, rows),
                    height = Tiles<TVector, TVectors>.FirstRow(tile + 1, tiles, rows) - first;
                var place = y + (long)first * Stride + output;
                Tiles<TVector, TVectors>.Multiply<FloatProducts<TVector, TVectors>>(
                    height,
                    x + (long)first * strideX,
                    strideX,
                    panel,
                    Panel,
                    Inputs,
                    bias.Pointer + output,
                    place,
                    Stride
                );
                if (gelu)
                    Gelu<TVector, TVectors>.Apply(place, height, Stride);
            }
        }
    }

    public override void Dispose()
    {
        weights.Dispose();
        bias.Dispose();
    }
}
