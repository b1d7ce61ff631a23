namespace XDistilTorch.Formats.Onnx;

/// <summary>A matrix in int8 with zero point 0, as ONNX Runtime's quantize_dynamic rounds weights: largest magnitude of a channel = largest number of the range.</summary>
/// <param name="Values">[Rows, Columns], row by row.</param>
/// <param name="Scales">What one step of a channel is worth.</param>
internal sealed record Int8Matrix(sbyte[] Values, float[] Scales)
{
    private const int FullRange = 127,
        SevenBits = 64;

    /// <summary>One scale for each column: the output channels of a weight.</summary>
    public static Int8Matrix ByColumn(Matrix matrix, bool reduceRange) =>
        Quantize(matrix, matrix.Columns, i => i % matrix.Columns, reduceRange);

    /// <summary>One scale for each row: the entries of an embedding table.</summary>
    public static Int8Matrix ByRow(Matrix matrix) => Quantize(matrix, matrix.Rows, i => i / matrix.Columns, reduceRange: false);

    private static Int8Matrix Quantize(Matrix matrix, int channels, Func<int, int> channel, bool reduceRange)
    {
        var scales = new float[channels];
        for (var i = 0; i < matrix.Values.Length; i++)
            scales[channel(i)] = Math.Max(scales[channel(i)], Math.Abs(matrix.Values[i]));
        var most = reduceRange ? SevenBits : FullRange;
        for (var c = 0; c < channels; c++)
            scales[c] = float.IsNormal(scales[c] / most) ? scales[c] / most : 1; // zeros, or so near to it that they have no steps
        var values = new sbyte[matrix.Values.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = (sbyte)Math.Clamp(MathF.Round(matrix.Values[i] / scales[channel(i)]), -most, most);
        return new Int8Matrix(values, scales);
    }
}
