namespace XDistilTorch.Formats.Onnx;

/// <summary>Quantises values while the graph runs, each once, however many layers read it.</summary>
internal sealed class DynamicQuantization(GraphBuilder graph)
{
    private readonly Dictionary<string, QuantizedValue> known = new(StringComparer.Ordinal);

    public QuantizedValue Of(string value)
    {
        if (known.TryGetValue(value, out var quantized))
            return quantized;
        quantized = new QuantizedValue($"{value}/quantized", $"{value}/scale", $"{value}/zero_point");
        graph.Add(
            $"{value}/DynamicQuantizeLinear",
            "",
            "DynamicQuantizeLinear",
            [value],
            [quantized.Values, quantized.Scale, quantized.ZeroPoint]
        );
        return known[value] = quantized;
    }
}

/// <summary>The names of a value in uint8, its scale and its zero point.</summary>
internal readonly record struct QuantizedValue(string Values, string Scale, string ZeroPoint);
