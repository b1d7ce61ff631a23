using TorchSharp.Modules;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Engines.Packed;

/// <summary>Kernels read by address: what torch would refuse with a message has to be refused before.</summary>
internal static class ShapeCheck
{
    /// <summary>Every parameter has the shape that the config says.</summary>
    /// <exception cref="NotPackableException">One has another.</exception>
    public static void Check(TreeParts parts, BertConfig config)
    {
        using var scope = NewDisposeScope();
        Check(parts.Words.weight!, "word_embeddings", config.VocabSize, config.HiddenSize);
        Check(parts.Types.weight!, "token_type_embeddings", config.TypeVocabSize, config.HiddenSize);
        Check(parts.Positions.weight!, "position_embeddings", config.MaxPositionEmbeddings, config.HiddenSize);
        Check(parts.Norm, "the embeddings' LayerNorm", config);
        if (parts.Layers.Length != config.NumHiddenLayers)
            throw new NotPackableException($"the model has {parts.Layers.Length} layers, its config {config.NumHiddenLayers}");
        for (var layer = 0; layer < parts.Layers.Length; layer++)
            Check(parts.Layers[layer], layer, config);
        Check(parts.QaOutputs, "qa_outputs", 2, config.HiddenSize);
    }

    private static void Check(LayerParts layer, int number, BertConfig config)
    {
        var heads = config.HeadCount(number) * config.HeadSize;
        Check(layer.Query, $"layer {number}'s query", heads, config.HiddenSize);
        Check(layer.Key, $"layer {number}'s key", heads, config.HiddenSize);
        Check(layer.Value, $"layer {number}'s value", heads, config.HiddenSize);
        Check(layer.AttentionOutput, $"layer {number}'s attention output", config.HiddenSize, heads);
        Check(layer.AttentionNorm, $"layer {number}'s first LayerNorm", config);
        Check(layer.Up, $"layer {number}'s intermediate", config.IntermediateSize, config.HiddenSize);
        Check(layer.Down, $"layer {number}'s output", config.HiddenSize, config.IntermediateSize);
        Check(layer.OutputNorm, $"layer {number}'s second LayerNorm", config);
    }

    private static void Check(Linear linear, string name, long outputs, long inputs)
    {
        Check(linear.weight!, name, outputs, inputs);
        if (linear.bias is { } bias)
            Check(bias, name, outputs);
    }

    private static void Check(LayerNorm norm, string name, BertConfig config)
    {
        foreach (var parameter in (Tensor[])[norm.weight!, norm.bias!])
            Check(parameter, name, config.HiddenSize);
    }

    private static void Check(Tensor parameter, string name, params ReadOnlySpan<long> expected)
    {
        if (!parameter.shape.AsSpan().SequenceEqual(expected))
            throw new NotPackableException(
                $"{name} is [{string.Join(", ", parameter.shape)}], the config says [{string.Join(", ", expected.ToArray())}]"
            );
    }
}
