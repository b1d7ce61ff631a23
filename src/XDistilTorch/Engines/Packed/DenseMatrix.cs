namespace XDistilTorch.Engines.Packed;

/// <summary>A linear layer's numbers as a snapshot takes them from the tree: weight [outputs, inputs] row by row, as torch stores it, and bias [outputs].</summary>
internal sealed record DenseMatrix(float[] Weight, float[] Bias, int Inputs)
{
    public int Outputs => Bias.Length;

    public ReadOnlySpan<float> Row(int output) => Weight.AsSpan(output * Inputs, Inputs);

    /// <summary>Rows and bias times a number: a factor of the result that need not be applied to it.</summary>
    public DenseMatrix Scaled(float factor) =>
        new(Array.ConvertAll(Weight, w => w * factor), Array.ConvertAll(Bias, b => b * factor), Inputs);

    /// <summary>Several layers of the same input as one, their outputs one after the other.</summary>
    public static DenseMatrix Stack(params ReadOnlySpan<DenseMatrix> parts)
    {
        var outputs = 0;
        foreach (var part in parts)
            outputs += part.Outputs;
        var stacked = new DenseMatrix(new float[outputs * parts[0].Inputs], new float[outputs], parts[0].Inputs);
        var first = 0;
        foreach (var part in parts)
        {
            part.Weight.CopyTo(stacked.Weight, first * part.Inputs);
            part.Bias.CopyTo(stacked.Bias, first);
            first += part.Outputs;
        }
        return stacked;
    }

    /// <summary>Every group of <paramref name="size"/> outputs made <paramref name="padded"/> long by zeros.</summary>
    public DenseMatrix PadOutputs(int size, int padded)
    {
        if (size == padded)
            return this;
        var groups = Outputs / size;
        float[] weight = new float[groups * padded * Inputs],
            bias = new float[groups * padded];
        for (var group = 0; group < groups; group++)
        {
            Weight.AsSpan(group * size * Inputs, size * Inputs).CopyTo(weight.AsSpan(group * padded * Inputs));
            Bias.AsSpan(group * size, size).CopyTo(bias.AsSpan(group * padded));
        }
        return new DenseMatrix(weight, bias, Inputs);
    }

    /// <summary>Every group of <paramref name="size"/> inputs made <paramref name="padded"/> long by inputs that do not count.</summary>
    public DenseMatrix PadInputs(int size, int padded)
    {
        if (size == padded)
            return this;
        var groups = Inputs / size;
        var weight = new float[Outputs * groups * padded];
        for (var row = 0; row < Outputs; row++)
        for (var group = 0; group < groups; group++)
            Row(row).Slice(group * size, size).CopyTo(weight.AsSpan((row * groups + group) * padded));
        return new DenseMatrix(weight, Bias, groups * padded);
    }
}
