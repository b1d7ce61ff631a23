using XDistilTorch.Engines.Kernels;

namespace XDistilTorch.Engines.Packed;

/// <summary>
/// Linear layers' numbers on their way into a pack: weight [outputs, inputs] row by row, as torch stores it, and bias [outputs]; zeros where nothing was
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
    public void TakeOutputs(LinearNumbers layer, int first, int size, int padded, float factor = 1)
    {
        var outputs = layer.Outputs;
        if (size == padded)
        {
            Copy(layer, Rows(first, outputs), Bias.Slice(first, outputs));
            Scale(Rows(first, outputs), factor);
            Scale(Bias.Slice(first, outputs), factor);
            return;
        }
        using var plain = new DenseMatrix(outputs, inputs);
        plain.TakeOutputs(layer, 0, 1, 1, factor);
        for (var output = 0; output < outputs; output++)
        {
            var row = first + output / size * padded + output % size;
            plain.Row(output).CopyTo(Row(row));
            Bias[row] = plain.Bias[output];
        }
    }

    /// <summary>Takes a whole layer; groups of <paramref name="size"/> of its inputs are filled up to <paramref name="padded"/> by inputs that do not count.</summary>
    public void TakeInputs(LinearNumbers layer, int size, int padded)
    {
        if (size == padded)
        {
            Copy(layer, Rows(0, outputs), Bias);
            return;
        }
        using var plain = new DenseMatrix(outputs, layer.Inputs);
        plain.TakeInputs(layer, size, size);
        plain.Bias.CopyTo(Bias);
        var groups = inputs / padded;
        for (var group = 0; group < outputs * groups; group++)
            new ReadOnlySpan<float>(plain.Weight + (long)group * size, size).CopyTo(new Span<float>(Weight + (long)group * padded, size));
    }

    private Span<float> Rows(int first, int count) => new(weight.Pointer + (long)first * inputs, checked(count * inputs));

    private static void Copy(LinearNumbers layer, Span<float> weight, Span<float> bias)
    {
        layer.Weight.CopyTo(weight);
        if (layer.Bias is { } numbers)
            numbers.CopyTo(bias);
        else
            bias.Clear();
    }

    private static void Scale(Span<float> numbers, float factor)
    {
        if (factor == 1)
            return;
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] *= factor;
    }

    public void Dispose()
    {
        weight.Dispose();
        bias.Dispose();
    }
}
