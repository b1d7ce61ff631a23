namespace XDistilTorch.Modeling;

/// <summary>The parameters that a config asks for, without making any.</summary>
internal static class BertParameters
{
    /// <summary>Names and shapes of <see cref="BertForQuestionAnswering"/>'s parameters, in its order.</summary>
    public static IReadOnlyList<(string Name, long[] Shape)> Of(BertConfig config)
    {
        const string Embeddings = "bert.embeddings.";
        long width = config.HiddenSize,
            inner = config.IntermediateSize;
        List<(string, long[])> parameters =
        [
            (Embeddings + "word_embeddings.weight", [config.VocabSize, width]),
            (Embeddings + "position_embeddings.weight", [config.MaxPositionEmbeddings, width]),
            (Embeddings + "token_type_embeddings.weight", [config.TypeVocabSize, width]),
            .. Norm(Embeddings + "LayerNorm", width),
        ];
        for (var i = 0; i < config.NumHiddenLayers; i++)
        {
            var layer = LayerPrefix(i);
            long heads = config.AttentionWidth(i);
            parameters.AddRange([
                .. Linear(layer + "attention.self.query", heads, width),
                .. Linear(layer + "attention.self.key", heads, width),
                .. Linear(layer + "attention.self.value", heads, width),
                .. Linear(layer + "attention.output.dense", width, heads),
                .. Norm(layer + "attention.output.LayerNorm", width),
                .. Linear(layer + "intermediate.dense", inner, width),
                .. Linear(layer + "output.dense", width, inner),
                .. Norm(layer + "output.LayerNorm", width),
            ]);
        }
        parameters.AddRange(Linear("qa_outputs", 2, width));
        return parameters;
    }

    /// <summary>What the names of one layer's parameters begin with.</summary>
    public static string LayerPrefix(int layer) => $"bert.encoder.layer.{layer}.";

    private static (string Name, long[] Shape)[] Linear(string name, long outputs, long inputs) =>
        [(name + ".weight", [outputs, inputs]), (name + ".bias", [outputs])];

    private static (string Name, long[] Shape)[] Norm(string name, long width) => [(name + ".weight", [width]), (name + ".bias", [width])];
}
