using System.Runtime.InteropServices;
using TorchSharp.Modules;
using XDistilTorch.Engines.Kernels;
using static TorchSharp.torch;

namespace XDistilTorch.Engines.Packed;

/// <summary>
/// Linear layers' numbers on their way from the tree into a pack: weight [outputs, inputs] row by row, as torch stores it, and bias [outputs]; zeros where nothing was
/// put. In native memory, which is given back at once: a model's worth of arrays would wait for the garbage collector.
/// </summary>
internal sealed unsafe class DenseMatrix(int outputs, int inputs) : IDisposable
{
    private readonly AlignedFloats weight = new((long)outputs * inputs),
        bias = new(outputs);

    public int Outputs => outputs;

    public int Inputs => inputs;

    /// <summary>[outputs, inputs].</summary>
    public float* Weight => weight.Pointer;

    public Span<float> Bias => new(bias.Pointer, outputs);

    public Span<float> Row(int output) => new(weight.Pointer + (long)output * inputs, inputs);

    /// <summary>
    /// Takes a layer's outputs, times a factor, from row <paramref name="first"/> on: groups of <paramref name="size"/> of them, each filled up by zeros to
    /// <paramref name="padded"/>.
    /// </summary>
    public void TakeOutputs(Linear layer, int first, int size, int padded, float factor = 1)
    {
        using var numbers = new LayerNumbers(layer);
        for (var output = 0; output < numbers.Bias.Length; output++)
        {
            var row = first + output / size * padded + output % size;
            Scale(numbers.Weight.Slice(output * inputs, inputs), factor, Row(row));
            Bias[row] = numbers.Bias[output] * factor;
        }
    }

    /// <summary>Takes a whole layer; groups of <paramref name="size"/> of its inputs are filled up to <paramref name="padded"/> by inputs that do not count.</summary>
    public void TakeInputs(Linear layer, int size, int padded)
    {
        using var numbers = new LayerNumbers(layer);
        numbers.Bias.CopyTo(Bias);
        var groups = inputs / padded;
        for (var group = 0; group < outputs * groups; group++)
            numbers.Weight.Slice(group * size, size).CopyTo(new Span<float>(Weight + (long)group * padded, size));
    }

    private static void Scale(ReadOnlySpan<float> from, float factor, Span<float> to)
    {
        for (var i = 0; i < from.Length; i++)
            to[i] = from[i] * factor;
    }

    public void Dispose()
    {
        weight.Dispose();
        bias.Dispose();
    }

    // The parameters where they lie, or in order where they do not.
    private readonly ref struct LayerNumbers : IDisposable
    {
        private readonly Tensor weight;
        private readonly Tensor? bias;

        public LayerNumbers(Linear layer)
        {
            weight = PlainTensor.Of(layer.weight!);
            bias = layer.bias is null ? null : PlainTensor.Of(layer.bias);
            Weight = Floats(weight);
            Bias = bias is null ? new float[weight.shape[0]] : Floats(bias);
        }

        public ReadOnlySpan<float> Weight { get; }

        public ReadOnlySpan<float> Bias { get; }

        // A layer may have no heads left.
        private static ReadOnlySpan<float> Floats(Tensor tensor) =>
            tensor.numel() == 0 ? [] : MemoryMarshal.Cast<byte, float>(tensor.bytes);

        public void Dispose()
        {
            weight.Dispose();
            bias?.Dispose();
        }
    }
}
