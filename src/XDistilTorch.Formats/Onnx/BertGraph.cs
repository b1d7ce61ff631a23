using System.Reflection;
using XDistilTorch.Formats.Onnx.Schema;
using static XDistilTorch.Formats.Onnx.GraphBuilder;
using static XDistilTorch.Formats.Onnx.Schema.TensorProto.Types;

namespace XDistilTorch.Formats.Onnx;

/// <summary>BERT for question answering as an ONNX model: inputs and outputs as optimum exports them, batch and length known only when it runs.</summary>
internal static class BertGraph
{
    public const string InputIds = "input_ids",
        AttentionMask = "attention_mask",
        TokenTypeIds = "token_type_ids";

    // Opset 20 brought Gelu, 17 LayerNormalization; format version 9 goes with it.
    private const int Opset = 20,
        FormatVersion = 9;

    public static ModelProto Of(BertParameters parameters, OnnxOptions options)
    {
        var graph = new GraphBuilder("BertForQuestionAnswering");
        foreach (var input in new[] { InputIds, AttentionMask, TokenTypeIds })
            graph.Input(input, DataType.Int64, "batch_size", "sequence_length");
        var matMul = MatMul(graph, parameters, options);
        IBertOperators operators =
            options.Operators == OnnxOperators.Standard
                ? new StandardOperators(graph, parameters, matMul, options.Quantized)
                : new FusedOperators(graph, parameters, options);

        var hidden = operators.Embeddings();
        for (var layer = 0; layer < parameters.Config.NumHiddenLayers; layer++)
        {
            hidden = Layer(hidden, $"bert.encoder.layer.{layer}", operators, matMul);
            graph.Describe(hidden, DataType.Float, "batch_size", "sequence_length", parameters.Config.HiddenSize);
        }
        Head(graph, matMul.Multiply(hidden, "qa_outputs"), parameters.Values("qa_outputs.bias"));
        return Model(graph.Graph, options);
    }

    private static IMatMul MatMul(GraphBuilder graph, BertParameters parameters, OnnxOptions options) =>
        (options.Quantized, options.Operators) switch
        {
            (false, _) => new FloatMatMul(graph, parameters),
            (true, OnnxOperators.Standard) => new StandardInt8MatMul(graph, parameters, options.ReduceRange),
            (true, _) => new FusedInt8MatMul(graph, parameters, options.ReduceRange),
        };

    private static string Layer(string hidden, string at, IBertOperators operators, IMatMul matMul)
    {
        var heads = operators.Attention(hidden, $"{at}.attention.self");
        var attended = operators.AddAndNormalize(matMul.Multiply(heads, $"{at}.attention.output.dense"), hidden, $"{at}.attention.output");
        var expanded = operators.Activate(matMul.Multiply(attended, $"{at}.intermediate.dense"), $"{at}.intermediate.dense"); // -> [B, S, intermediate]
        return operators.AddAndNormalize(matMul.Multiply(expanded, $"{at}.output.dense"), attended, $"{at}.output");
    }

    private static void Head(GraphBuilder graph, string product, float[] bias)
    {
        const string At = "qa_outputs";
        var logits = graph.Add($"{At}/Bias", "Add", [product, graph.Floats($"{At}.bias", bias, bias.Length)]); // [B, S, 2]
        string[] parts = [$"{At}/start", $"{At}/end"]; // -> [B, S, 1] each
        graph.Add($"{At}/Split", "", "Split", [logits], parts, Attribute("axis", -1), Attribute("num_outputs", parts.Length));
        foreach (var (part, name) in parts.Zip(["start_logits", "end_logits"]))
        {
            graph.Add(name, "Squeeze", [part, graph.Longs(-1)]); // -> [B, S]
            graph.Output(name, DataType.Float, "batch_size", "sequence_length");
        }
    }

    private static ModelProto Model(GraphProto graph, OnnxOptions options)
    {
        var assembly = typeof(BertGraph).Assembly;
        var model = new ModelProto
        {
            IrVersion = FormatVersion,
            ProducerName = "XDistilTorch",
            ProducerVersion =
                assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "",
            Graph = graph,
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        if (options.Operators == OnnxOperators.OnnxRuntime)
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = GraphBuilder.OnnxRuntime, Version = 1 });
        return model;
    }
}
