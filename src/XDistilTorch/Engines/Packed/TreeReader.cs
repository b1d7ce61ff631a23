using System.Collections;
using System.Reflection;
using TorchSharp.Modules;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Engines.Packed;

/// <summary>
/// Walks a model that an engine is to take a snapshot of, and refuses one that is not as it was made: a replaced part, a hook or active dropout would not be computed
/// by an engine.
/// </summary>
internal static class TreeReader
{
    private static readonly string[] HookFields = ["pre_hooks", "post_hooks", "module_pre_hooks", "module_post_hooks"];

    /// <summary>The leaves in their order; throws where the tree is not as it was made.</summary>
    /// <exception cref="NotPackableException">The message says what is different.</exception>
    public static TreeParts Read(BertForQuestionAnswering model)
    {
        var bert = As<BertModel>(model.Bert, "bert");
        var embeddings = As<BertEmbeddings>(bert.Embeddings, "bert.embeddings");
        var encoder = As<BertEncoder>(bert.Encoder, "bert.encoder");
        var layers = new LayerParts[encoder.Layer.Count];
        for (var i = 0; i < layers.Length; i++)
            layers[i] = ReadLayer(As<BertLayer>(encoder.Layer[i], $"bert.encoder.layer.{i}"), $"bert.encoder.layer.{i}");
        var parts = new TreeParts(
            As<Embedding>(embeddings.WordEmbeddings, "bert.embeddings.word_embeddings"),
            As<Embedding>(embeddings.TokenTypeEmbeddings, "bert.embeddings.token_type_embeddings"),
            As<Embedding>(embeddings.PositionEmbeddings, "bert.embeddings.position_embeddings"),
            As<LayerNorm>(embeddings.LayerNorm, "bert.embeddings.LayerNorm"),
            layers,
            As<Linear>(model.QaOutputs, "qa_outputs")
        );
        RefuseActive(model);
        if (parts.Norms().Any(norm => norm.weight is null || norm.bias is null))
            throw new NotPackableException("a LayerNorm has no weight or bias");
        RefuseOtherTypes(parts);
        ShapeCheck.Check(parts, model.Config);
        return parts;
    }

    // The whole tree: dropout has no numbers, but may be switched on alone.
    private static void RefuseActive(BertForQuestionAnswering model)
    {
        Plain(model, "");
        foreach (var (name, module) in model.named_modules())
            Plain(module, name);
    }

    private static void RefuseOtherTypes(TreeParts parts)
    {
        using var scope = NewDisposeScope();
        if (
            parts.Parameters().FirstOrDefault(p => p.dtype != ScalarType.Float32 || p.device.type != TorchSharp.DeviceType.CPU) is { } other
        )
            throw new NotPackableException($"the model is {other.dtype} on {other.device}, the kernels compute in Float32 on cpu");
        if (parts.Parameters().Any(p => !p.is_contiguous()))
            throw new NotPackableException("a parameter's numbers do not lie in their order");
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
        if (HasHooks(module))
            throw new NotPackableException($"{(name.Length == 0 ? "the model" : name)} has hooks");
    }

    // TorchSharp keeps hooks to itself.
    private static bool HasHooks(nn.Module module)
    {
        for (var type = module.GetType(); type != typeof(nn.Module) && type is not null; type = type.BaseType)
            if (type.IsGenericType && type.Name.StartsWith("HookableModule", StringComparison.Ordinal))
                return HookFields.Any(name => Count(type.GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!, module) > 0);
        return false;
    }

    private static int Count(FieldInfo field, nn.Module module) => ((ICollection?)field.GetValue(module))?.Count ?? 0;
}
