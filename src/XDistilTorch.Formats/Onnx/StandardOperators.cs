using static XDistilTorch.Formats.Onnx.GraphBuilder;
using static XDistilTorch.Formats.Onnx.Schema.TensorProto.Types;

namespace XDistilTorch.Formats.Onnx;

/// <summary>ONNX's own operators, opset 20.</summary>
internal sealed class StandardOperators(GraphBuilder graph, BertParameters parameters, IMatMul matMul, bool quantized) : IBertOperators
{
    private readonly Dictionary<string, string> named = new(StringComparer.Ordinal);

    public string Embeddings()
    {
        const string At = "bert.embeddings";
        var words = WordEmbeddings($"{At}.word_embeddings");
        var types = graph.Add($"{At}.token_type_embeddings", "Gather", [Table($"{At}.token_type_embeddings"), BertGraph.TokenTypeIds]);
        // As many positions as there are tokens, from the left edge.
        var length = graph.Add($"{At}/length", "Shape", [BertGraph.InputIds], Attribute("start", 1), Attribute("end", 2));
        var positions = graph.Add(
            $"{At}.position_embeddings",
            "Slice",
            [Table($"{At}.position_embeddings"), graph.Longs(0), length, graph.Longs(0)]
        ); // -> [S, H]

        var sum = graph.Add($"{At}/Add", "Add", [graph.Add($"{At}/AddTypes", "Add", [words, types]), positions]);
        return LayerNorm(sum, At);
    }

    // A row has a scale of its own: words that are far larger than others would take all steps for themselves.
    private string WordEmbeddings(string module)
    {
        if (!quantized)
            return graph.Add(module, "Gather", [Table(module), BertGraph.InputIds]);
        var config = parameters.Config;
        var int8 = Int8Matrix.ByRow(new Matrix(parameters.Values($"{module}.weight"), config.VocabSize, config.HiddenSize));
        var table = graph.Int8($"{module}.weight_quantized", int8.Values, config.VocabSize, config.HiddenSize);
        var scales = graph.Floats($"{module}.weight_scale", int8.Scales, config.VocabSize, 1);
        var steps = graph.Add($"{module}/Gather", "Gather", [table, BertGraph.InputIds]);
        var numbers = graph.Add($"{module}/Cast", "Cast", [steps], Attribute("to", (long)DataType.Float));
        return graph.Add(module, "Mul", [numbers, graph.Add($"{module}/Scales", "Gather", [scales, BertGraph.InputIds])]);
    }

    private string Table(string module)
    {
        var values = parameters.Values($"{module}.weight");
        var width = parameters.Config.HiddenSize;
        return graph.Floats($"{module}.weight", values, values.Length / width, width);
    }

    public string Attention(string hidden, string module)
    {
        var config = parameters.Config;
        var q = SplitHeads(hidden, $"{module}.query", 0, 2, 1, 3); // -> [B, heads, S, D]
        var k = SplitHeads(hidden, $"{module}.key", 0, 2, 3, 1); // -> [B, heads, D, S]
        var v = SplitHeads(hidden, $"{module}.value", 0, 2, 1, 3);

        var products = graph.Add($"{module}/QueryKey", "MatMul", [q, k]); // -> [B, heads, S, S]
        var scaled = graph.Add($"{module}/Scale", "Mul", [products, graph.Float((float)(1 / Math.Sqrt(config.HeadSize)))]);
        var masked = graph.Add($"{module}/Mask", "Add", [scaled, Mask()]);
        var probabilities = graph.Add($"{module}/Softmax", "Softmax", [masked], Attribute("axis", -1));
        var heads = graph.Add($"{module}/Context", "MatMul", [probabilities, v]); // -> [B, heads, S, D]
        var sideBySide = graph.Add($"{module}/MergeHeads", "Transpose", [heads], Attribute("perm", 0, 2, 1, 3));
        return graph.Add($"{module}/Output", "Reshape", [sideBySide, graph.Longs(0, 0, config.HiddenSize)]);
    }

    private string SplitHeads(string hidden, string module, params long[] order)
    {
        var config = parameters.Config;
        var projected = AddBias(matMul.Multiply(hidden, module), module);
        var split = graph.Add($"{module}/SplitHeads", "Reshape", [projected, graph.Longs(0, 0, config.NumAttentionHeads, config.HeadSize)]);
        return graph.Add($"{module}/Transpose", "Transpose", [split], Attribute("perm", order));
    }

    // 0 where attended to, the smallest number where not, [B, 1, 1, S]; made once for all layers.
    private string Mask() =>
        Once(
            "attention_mask/Additive",
            name =>
            {
                var mask = graph.Add(
                    "attention_mask/Unsqueeze",
                    "Unsqueeze",
                    [
                        graph.Add("attention_mask/Cast", "Cast", [BertGraph.AttentionMask], Attribute("to", (long)DataType.Float)),
                        graph.Longs(1, 2),
                    ]
                );
                var hidden = graph.Add("attention_mask/Hidden", "Sub", [graph.Float(1), mask]);
                graph.Add(name, "Mul", [hidden, graph.Float(float.MinValue)]);
            }
        );

    private string Once(string name, Action<string> add)
    {
        if (named.TryAdd(name, name))
            add(name);
        return name;
    }

    public string AddAndNormalize(string x, string residual, string module) =>
        LayerNorm(graph.Add($"{module}/Residual", "Add", [AddBias(x, $"{module}.dense"), residual]), module);

    public string Activate(string x, string module) =>
        ActivationOperators.Apply(graph, parameters.Config.HiddenAct, AddBias(x, module), $"{module}/activation");

    private string AddBias(string x, string module)
    {
        var bias = parameters.Values($"{module}.bias");
        return graph.Add($"{module}/Bias", "Add", [x, graph.Floats($"{module}.bias", bias, bias.Length)]);
    }

    private string LayerNorm(string x, string module)
    {
        var width = parameters.Config.HiddenSize;
        return graph.Add(
            $"{module}/LayerNorm",
            "LayerNormalization",
            [
                x,
                graph.Floats($"{module}.LayerNorm.weight", parameters.Values($"{module}.LayerNorm.weight"), width),
                graph.Floats($"{module}.LayerNorm.bias", parameters.Values($"{module}.LayerNorm.bias"), width),
            ],
            Attribute("axis", -1),
            Attribute("epsilon", (float)parameters.Config.LayerNormEps)
        );
    }
}
