using System.Runtime.InteropServices;
using XDistilTorch.Engines.Kernels;
using XDistilTorch.Native;
using static TorchSharp.torch;

namespace XDistilTorch.Engines.Packed;

/// <summary>
/// In int8: weights with a step for each output, rows of the input with a step and a zero of their own (so that neither a neighbour nor another window has a say in
/// it). The product itself is oneDNN's, exact in whole numbers; steps, zero, bias and GELU are applied to its result in fp32.
/// </summary>
internal sealed unsafe class ByteLinear<TVector, TVectors> : PackedLinear
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
{
    private const int LargestWeight = 127,
        LargestByte = 255;

    // oneDNN compiles a product for each number of rows that it meets: some idle rows now and then spare most of that.
    private const int RowStep = 4;

    private readonly Tensor weights,
        scales,
        zeros,
        one,
        zero;
    private readonly AlignedFloats bias,
        sums;
    private readonly bool gelu;

    private ByteLinear(Tensor weights, Tensor scales, AlignedFloats bias, AlignedFloats sums, bool gelu)
    {
        (this.weights, this.scales, this.bias, this.sums, this.gelu) = (Own(weights), Own(scales), bias, sums, gelu);
        zeros = Own(TorchSharp.torch.zeros(scales.shape[0], ScalarType.Int32));
        one = Own(ones(1));
        zero = Own(TorchSharp.torch.zeros(1, ScalarType.Int32));
    }

    // Whose scope this is made in is chance: the tensors live as long as this object.
    private static Tensor Own(Tensor tensor) => tensor.DetachFromDisposeScope();

    /// <summary>Quantises a layer.</summary>
    public static ByteLinear<TVector, TVectors> Pack(DenseMatrix matrix, bool gelu)
    {
        var stride = Panels<TVector, TVectors>.Padded(matrix.Outputs);
        using var plain = TorchSharp.torch.zeros([stride, matrix.Inputs], ScalarType.Int8);
        var bytes = MemoryMarshal.Cast<byte, sbyte>(plain.bytes);
        var steps = new float[stride];
        AlignedFloats bias = new(stride),
            sums = new(stride);
        matrix.Bias.CopyTo(new Span<float>(bias.Pointer, matrix.Outputs));
        for (var output = 0; output < matrix.Outputs; output++)
        {
            var row = matrix.Row(output);
            steps[output] = Step(row);
            var sum = 0;
            for (var i = 0; i < row.Length; i++)
                sum += bytes[output * matrix.Inputs + i] = (sbyte)
                    Math.Clamp(MathF.Round(row[i] / steps[output]), -LargestWeight, LargestWeight);
            sums.Pointer[output] = sum * steps[output];
        }
        return new ByteLinear<TVector, TVectors>(TensorShim.PrepackWeights(plain), tensor(steps), bias, sums, gelu)
        {
            Inputs = matrix.Inputs,
            Stride = stride,
        };
    }

    private static float Step(ReadOnlySpan<float> row)
    {
        var most = Quantization<TVector, TVectors>.SmallestStep;
        foreach (var weight in row)
            most = Math.Max(most, MathF.Abs(weight));
        return most / LargestWeight;
    }

    public override void Multiply(float* x, int strideX, int rows, float* y, WorkerMemory scratch)
    {
        for (var row = 0; row < rows; row++)
            Quantization<TVector, TVectors>.Row(
                x + (long)row * strideX,
                Inputs,
                LargestByte,
                scratch.Quantized + (long)row * Inputs,
                out scratch.RowScales[row],
                out scratch.RowZeros[row]
            );
        var computed = (rows + RowStep - 1) / RowStep * RowStep;
        using var bytes = TensorOverMemory.Create((nint)scratch.Quantized, [computed, Inputs], ScalarType.Byte);
        using var products = TensorShim.QuantizedProduct(bytes, one, zero, weights, scales, zeros);
        fixed (byte* start = products.bytes)
            for (var row = 0; row < rows; row++)
                Quantization<TVector, TVectors>.Dequantize(
                    (float*)start + (long)row * Stride,
                    scratch.RowScales[row],
                    scratch.RowZeros[row],
                    sums.Pointer,
                    bias.Pointer,
                    Stride,
                    gelu,
                    y + (long)row * Stride
                );
    }

    public override void Dispose()
    {
        foreach (var tensor in (Tensor[])[weights, scales, zeros, one, zero])
            tensor.Dispose();
        bias.Dispose();
        sums.Dispose();
    }
}
