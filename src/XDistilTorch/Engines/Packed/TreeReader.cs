using TorchSharp.Modules;
using XDistilTorch.Modeling;
using XDistilTorch.Native;
using static TorchSharp.torch;

namespace XDistilTorch.Engines.Packed;

/// <summary>
/// Walks a model that an engine is to take a snapshot of, and refuses one that is not as it was made: a replaced part, a hook or active dropout would not be computed
/// by an engine.
/// </summary>
internal static class TreeReader
{
    /// <summary>The leaves in their order; throws where the tree is not as it was made, or has numbers that kernels cannot read.</summary>
    /// <exception cref="NotPackableException">The message says what is different.</exception>
    public static TreeParts Read(BertForQuestionAnswering model)
    {
        var parts = Find(model);
        RefuseActive(model);
        if (parts.Norms().Any(norm => norm.weight is null || norm.bias is null))
            throw new NotPackableException("a LayerNorm has no weight or bias");
        RefuseOtherNumbers(parts);
        ShapeCheck.Check(parts, model.Config);
        return parts;
    }

    /// <summary>The leaves in their order, whatever their numbers are.</summary>
    /// <exception cref="NotPackableException">A part was replaced by another type.</exception>
    public static TreeParts Find(BertForQuestionAnswering model)
    {
        var bert = As<BertModel>(model.Bert, "bert");
        var embeddings = As<BertEmbeddings>(bert.Embeddings, "bert.embeddings");
        var encoder = As<BertEncoder>(bert.Encoder, "bert.encoder");
        var layers = new LayerParts[encoder.Layer.Count];
        for (var i = 0; i < layers.Length; i++)
            layers[i] = ReadLayer(As<BertLayer>(encoder.Layer[i], $"bert.encoder.layer.{i}"), $"bert.encoder.layer.{i}");
        return new TreeParts(
            As<Embedding>(embeddings.WordEmbeddings, "bert.embeddings.word_embeddings"),
            As<Embedding>(embeddings.TokenTypeEmbeddings, "bert.embeddings.token_type_embeddings"),
            As<Embedding>(embeddings.PositionEmbeddings, "bert.embeddings.position_embeddings"),
            As<LayerNorm>(embeddings.LayerNorm, "bert.embeddings.LayerNorm"),
            layers,
            As<Linear>(model.QaOutputs, "qa_outputs")
        );
    }

    // The whole tree: dropout has no numbers, but may be switched on alone.
    private static void RefuseActive(BertForQuestionAnswering model)
    {
        Plain(model, "");
        foreach (var (name, module) in model.named_modules())
            Plain(module, name);
    }

    private static void RefuseOtherNumbers(TreeParts parts)
    {
        using var scope = NewDisposeScope();
        if (
            parts.Parameters().FirstOrDefault(p => p.dtype != ScalarType.Float32 || p.device.type != TorchSharp.DeviceType.CPU) is { } other
        )
            throw new NotPackableException($"the model is {other.dtype} on {other.device}, the kernels compute in Float32 on cpu");
        if (parts.Parameters().Any(TensorShim.IsInference))
            throw new NotPackableException("a parameter was made in inference mode, where writes are not counted");
    }

    private static LayerParts ReadLayer(BertLayer layer, string name)
    {
        var attention = As<BertAttention>(layer.Attention, $"{name}.attention");
        var self = As<SelfAttention>(attention.Self, $"{name}.attention.self");
        var attentionOutput = As<ResidualOutput>(attention.Output, $"{name}.attention.output");
        var intermediate = As<BertIntermediate>(layer.Intermediate, $"{name}.intermediate");
        var output = As<ResidualOutput>(layer.Output, $"{name}.output");
        return new LayerParts(
            As<Linear>(self.Query, $"{name}.attention.self.query"),
            As<Linear>(self.Key, $"{name}.attention.self.key"),
            As<Linear>(self.Value, $"{name}.attention.self.value"),
            As<Linear>(attentionOutput.Dense, $"{name}.attention.output.dense"),
            As<LayerNorm>(attentionOutput.LayerNorm, $"{name}.attention.output.LayerNorm"),
            As<Linear>(intermediate.Dense, $"{name}.intermediate.dense"),
            As<Linear>(output.Dense, $"{name}.output.dense"),
            As<LayerNorm>(output.LayerNorm, $"{name}.output.LayerNorm")
        );
    }

    private static T As<T>(nn.Module module, string name)
        where T : nn.Module => module is T own ? own : throw new NotPackableException($"{name} was replaced by {module.GetType().Name}");

    private static void Plain(nn.Module module, string name)
    {
        if (module.training)
            throw new NotPackableException($"{(name.Length == 0 ? "the model" : name)} is in training mode");
        if (ModuleActivity.HasHooks(module))
            throw new NotPackableException($"{(name.Length == 0 ? "the model" : name)} has hooks");
    }
}
