using XDistilTorch.Modeling;
using static XDistilTorch.Formats.Onnx.GraphBuilder;

namespace XDistilTorch.Formats.Onnx;

/// <summary>The activation functions that a config may name (<see cref="Activation.Names"/>), as ONNX's own operators.</summary>
internal static class ActivationOperators
{
    /// <summary>Whether the name stands for GELU with the error function, for which ONNX Runtime has an operator that adds a bias as well.</summary>
    public static bool IsGelu(string name) => name is "gelu" or "gelu_python";

    /// <summary>Whether it stands for GELU with the hyperbolic tangent in place of the error function.</summary>
    public static bool IsGeluTanh(string name) => name is "gelu_new" or "gelu_fast" or "gelu_pytorch_tanh";

    /// <exception cref="OnnxException">There is no operator for it.</exception>
    public static string Apply(GraphBuilder graph, string name, string x, string node) =>
        name switch
        {
            _ when IsGelu(name) => graph.Add(node, "Gelu", [x]),
            _ when IsGeluTanh(name) => graph.Add(node, "Gelu", [x], Attribute("approximate", "tanh")),
            "relu" => graph.Add(node, "Relu", [x]),
            "tanh" => graph.Add(node, "Tanh", [x]),
            "silu" or "swish" => graph.Add(node, "Mul", [x, graph.Add($"{node}/Sigmoid", "Sigmoid", [x])]),
            _ => throw new OnnxException($"hidden_act is \"{name}\", for which this version writes no ONNX operator."),
        };
}
