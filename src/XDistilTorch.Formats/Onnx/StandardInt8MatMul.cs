using static XDistilTorch.Formats.Onnx.GraphBuilder;
using static XDistilTorch.Formats.Onnx.Schema.TensorProto.Types;

namespace XDistilTorch.Formats.Onnx;

/// <summary>
/// In int8 with ONNX's own operators, in the pattern that ONNX Runtime's quantize_dynamic writes:
/// Cast(MatMulInteger(quantised input, weight)) x (scale of the input x scales of the channels).
/// </summary>
internal sealed class StandardInt8MatMul(GraphBuilder graph, BertParameters parameters, bool reduceRange) : IMatMul
{
    private readonly DynamicQuantization quantization = new(graph);

    public string Multiply(string input, string module)
    {
        var quantized = quantization.Of(input);
        var weight = parameters.Weight(module);
        var int8 = Int8Matrix.ByColumn(weight, reduceRange);
        var product = graph.Add(
            $"{module}/MatMulInteger",
            "MatMulInteger",
            [quantized.Values, graph.Int8($"{module}.weight_quantized", int8.Values, weight.Rows, weight.Columns), quantized.ZeroPoint]
        );
        var scales = graph.Add(
            $"{module}/Scales",
            "Mul",
            [quantized.Scale, graph.Floats($"{module}.weight_scale", int8.Scales, weight.Columns)]
        );
        var number = graph.Add($"{module}/Cast", "Cast", [product], Attribute("to", (long)DataType.Float));
        return graph.Add($"{module}/Mul", "Mul", [number, scales]);
    }
}
