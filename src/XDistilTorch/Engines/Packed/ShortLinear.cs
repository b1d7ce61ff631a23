using System.Runtime.CompilerServices;
using XDistilTorch.Engines.Kernels;

namespace XDistilTorch.Engines.Packed;

/// <summary>
/// Int8 for processors without VNNI, where products of bytes are summed in 16 bits, which saturate. Weights have 8 bits, with a step for each output; rows of the input as many more, with a step of their
/// own, as their products' sum in 32 bits leaves room for. Twice as many products at once as of floats, and exact.
/// </summary>
internal sealed unsafe class ShortLinear<TVector, TVectors> : PackedLinear
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
{
    private const int LargestWeight = 127;

    private readonly AlignedFloats weights,
        steps,
        bias;
    private readonly bool gelu;

    private ShortLinear(AlignedFloats weights, AlignedFloats steps, AlignedFloats bias, bool gelu)
    {
        (this.weights, this.steps, this.bias, this.gelu) = (weights, steps, bias, gelu);
    }

    // Whole vectors of inputs; a row that comes in has zeros there.
    private int Width => Wide(Inputs);

    private int Words => ShortRows<TVector, TVectors>.Words(Width);

    private static int Panel => Panels<TVector, TVectors>.Width;

    private static int Wide(int inputs) => (inputs + TVectors.Count - 1) / TVectors.Count * TVectors.Count;

    /// <summary>Quantises a layer; the matrix is not needed afterwards.</summary>
    public static ShortLinear<TVector, TVectors> Pack(DenseMatrix matrix, bool gelu)
    {
        int width = Wide(matrix.Inputs),
            words = ShortRows<TVector, TVectors>.Words(width),
            stride = Panels<TVector, TVectors>.Padded(matrix.Outputs);
        AlignedFloats weights = new((long)stride * words),
            steps = new(stride),
            bias = new(stride);
        matrix.Bias.CopyTo(new Span<float>(bias.Pointer, matrix.Outputs));
        using AlignedFloats row = new(width),
            rows = new((long)matrix.Outputs * words);
        for (var output = 0; output < matrix.Outputs; output++)
        {
            matrix.Row(output).CopyTo(new Span<float>(row.Pointer, matrix.Inputs));
            steps.Pointer[output] = ShortRows<TVector, TVectors>.Step(
                ShortRows<TVector, TVectors>.Largest(row.Pointer, 0, 1, width),
                LargestWeight
            );
            ShortRows<TVector, TVectors>.Pack(row.Pointer, width, 1 / steps.Pointer[output], rows.Pointer + (long)output * words);
        }
        Panels<TVector, TVectors>.Transpose(rows.Pointer, words, matrix.Outputs, words, weights.Pointer);
        return new ShortLinear<TVector, TVectors>(weights, steps, bias, gelu) { Inputs = matrix.Inputs, Stride = stride };
    }

    public override void Multiply(float* x, int strideX, int rows, float* y, WorkerMemory scratch)
    {
        var words = (float*)scratch.Quantized;
        Quantize(x, strideX, rows, words, scratch.RowScales);
        var tiles = Tiles<TVector, TVectors>.Count(rows);
        for (var output = 0; output < Stride; output += Panel)
        for (var tile = 0; tile < tiles; tile++)
        {
            int first = Tiles<TVector, TVectors>.FirstRow(tile, tiles, rows),
                height = Tiles<TVector, TVectors>.FirstRow(tile + 1, tiles, rows) - first;
            var place = y + (long)first * Stride + output;
            Tiles<TVector, TVectors>.Multiply<PairProducts<TVector, TVectors>>(
                height,
                words + (long)first * Words,
                Words,
                weights.Pointer + (long)output * Words,
                Panel,
                Words,
                scratch.Attention.Zeros,
                place,
                Stride
            );
            Dequantize(place, height, scratch.RowScales + first, steps.Pointer + output, bias.Pointer + output);
        }
    }

    private void Quantize(float* x, int strideX, int rows, float* words, float* scales)
    {
        var limit = ShortRows<TVector, TVectors>.Limit(2 * Words, LargestWeight);
        for (var row = 0; row < rows; row++, x += strideX, words += Words)
        {
            scales[row] = ShortRows<TVector, TVectors>.Step(ShortRows<TVector, TVectors>.Largest(x, 0, 1, Width), limit);
            ShortRows<TVector, TVectors>.Pack(x, Width, 1 / scales[row], words);
        }
    }

    // A tile in place: the row's step times the outputs', the bias, and GELU, whose error of 2e-4 is lost beside that of weights with 8 bits.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Dequantize(float* y, int rows, float* rowSteps, float* steps, float* bias)
    {
        for (var row = 0; row < rows; row++, y += Stride)
        {
            var step = TVectors.Create(rowSteps[row]);
            for (var place = 0; place < Panel; place += TVectors.Count)
            {
                var sum = TVectors.MultiplyAdd(
                    TVectors.Load(y + place),
                    TVectors.Multiply(TVectors.Load(steps + place), step),
                    TVectors.Load(bias + place)
                );
                TVectors.Store(gelu ? Gelu<TVector, TVectors>.Rough(sum) : sum, y + place);
            }
        }
    }

    public override void Dispose()
    {
        foreach (var memory in (AlignedFloats[])[weights, steps, bias])
            memory.Dispose();
    }
}
