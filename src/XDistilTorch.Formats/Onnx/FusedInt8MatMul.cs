namespace XDistilTorch.Formats.Onnx;

/// <summary>In int8 with ONNX Runtime's own operator, which quantises the input itself.</summary>
internal sealed class FusedInt8MatMul(GraphBuilder graph, BertParameters parameters, bool reduceRange) : IMatMul
{
    public string Multiply(string input, string module)
    {
        var weight = parameters.Weight(module);
        var int8 = Int8Matrix.ByColumn(weight, reduceRange);
        return graph.AddFused(
            $"{module}/DynamicQuantizeMatMul",
            "DynamicQuantizeMatMul",
            [
                input,
                graph.Int8($"{module}.weight_quantized", int8.Values, weight.Rows, weight.Columns),
                graph.Floats($"{module}.weight_scale", int8.Scales, weight.Columns),
            ]
        );
    }
}
