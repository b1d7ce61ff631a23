using static XDistilTorch.Formats.Onnx.GraphBuilder;
using static XDistilTorch.Formats.Onnx.Schema.TensorProto.Types;

namespace XDistilTorch.Formats.Onnx;

/// <summary>ONNX Runtime's own operators, as its transformer optimiser and its dynamic quantisation arrange them.</summary>
internal sealed class FusedOperators(GraphBuilder graph, BertParameters parameters, OnnxOptions options) : IBertOperators
{
    private readonly DynamicQuantization quantization = new(graph);
    private string? mask;

    // The tables stay in fp32 in a quantised graph too: looking up is no work, and the numbers stay exact.
    public string Embeddings()
    {
        const string At = "bert.embeddings";
        mask = ToInt32(BertGraph.AttentionMask);
        return graph.Add(
            $"{At}/EmbedLayerNormalization",
            GraphBuilder.OnnxRuntime,
            "EmbedLayerNormalization",
            [
                ToInt32(BertGraph.InputIds),
                ToInt32(BertGraph.TokenTypeIds),
                Table($"{At}.word_embeddings.weight"),
                Table($"{At}.position_embeddings.weight"),
                Table($"{At}.token_type_embeddings.weight"),
                Vector($"{At}.LayerNorm.weight"),
                Vector($"{At}.LayerNorm.bias"),
            ],
            [At, ""], // the second is a length of each window, which takes padding to be on the right; attention gets the mask itself
            Attribute("epsilon", (float)parameters.Config.LayerNormEps)
        );
    }

    private string ToInt32(string input) => graph.Add($"{input}/Cast", "Cast", [input], Attribute("to", (long)DataType.Int32));

    public string Attention(string hidden, string module)
    {
        string[] projections = [$"{module}.query", $"{module}.key", $"{module}.value"];
        var weight = parameters.Joined(projections); // [H, 3H]
        float[] allBiases = [.. projections.SelectMany(p => parameters.Values($"{p}.bias"))];
        var bias = graph.Floats($"{module}.bias", allBiases, allBiases.Length);
        var heads = Attribute("num_heads", parameters.Config.NumAttentionHeads);
        var hiddenScore = Attribute("mask_filter_value", float.MinValue);
        if (!options.Quantized)
            return graph.AddFused(
                $"{module}/Attention",
                "Attention",
                [hidden, graph.Floats($"{module}.weight", weight.Values, weight.Rows, weight.Columns), bias, mask!],
                heads,
                hiddenScore
            );

        var int8 = Int8Matrix.ByColumn(weight, options.ReduceRange);
        var input = quantization.Of(hidden);
        return graph.AddFused(
            $"{module}/QAttention",
            "QAttention",
            [
                input.Values,
                graph.Int8($"{module}.weight_quantized", int8.Values, weight.Rows, weight.Columns),
                bias,
                input.Scale,
                graph.Floats($"{module}.weight_scale", int8.Scales, weight.Columns),
                mask!,
                input.ZeroPoint,
                graph.Int8($"{module}.weight_zero_point", new sbyte[weight.Columns], weight.Columns),
            ],
            heads,
            hiddenScore
        );
    }

    public string AddAndNormalize(string x, string residual, string module) =>
        graph.AddFused(
            $"{module}/SkipLayerNormalization",
            "SkipLayerNormalization",
            [x, residual, Vector($"{module}.LayerNorm.weight"), Vector($"{module}.LayerNorm.bias"), Vector($"{module}.dense.bias")],
            Attribute("epsilon", (float)parameters.Config.LayerNormEps)
        );

    public string Activate(string x, string module)
    {
        var name = parameters.Config.HiddenAct;
        var bias = Vector($"{module}.bias");
        if (ActivationOperators.IsGelu(name))
            return graph.AddFused($"{module}/BiasGelu", "BiasGelu", [x, bias]);
        if (ActivationOperators.IsGeluTanh(name))
            return graph.AddFused($"{module}/FastGelu", "FastGelu", [x, bias]); // the same function: fast names the tanh
        return ActivationOperators.Apply(graph, name, graph.Add($"{module}/Bias", "Add", [x, bias]), $"{module}/activation");
    }

    private string Vector(string name)
    {
        var values = parameters.Values(name);
        return graph.Floats(name, values, values.Length);
    }

    private string Table(string name)
    {
        var values = parameters.Values(name);
        var width = parameters.Config.HiddenSize;
        return graph.Floats(name, values, values.Length / width, width);
    }
}
