namespace XDistilTorch.Formats.Onnx;

/// <summary>In fp32.</summary>
internal sealed class FloatMatMul(GraphBuilder graph, BertParameters parameters) : IMatMul
{
    public string Multiply(string input, string module)
    {
        var weight = parameters.Weight(module);
        return graph.Add(
            $"{module}/MatMul",
            "MatMul",
            [input, graph.Floats($"{module}.weight", weight.Values, weight.Rows, weight.Columns)]
        );
    }
}
