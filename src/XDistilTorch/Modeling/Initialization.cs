using TorchSharp.Modules;
using static TorchSharp.torch;

namespace XDistilTorch.Modeling;

/// <summary>How parameters come into being: empty first, since mostly a checkpoint fills them (random values for 33 M take longer than loading), and random only when asked.</summary>
internal static class Initialization
{
    public static Linear EmptyLinear(long inputs, long outputs) =>
        nn.Linear(new Parameter(empty(outputs, inputs)), new Parameter(empty(outputs)));

    public static Embedding EmptyEmbedding(long entries, long width, long? paddingIndex = null)
    {
        // libtorch fills an embedding with random numbers, on whatever device, and keeps hold of them: 0.1 s and 47 MB for words that are replaced at once. So it is made as small as may be.
        var embedding = nn.Embedding((paddingIndex ?? 0) + 1, width, padding_idx: paddingIndex);
        var unused = embedding.weight!;
        // A dispose scope around the model's making would take the weight with it; a model is its maker's, not the scope's.
        embedding.weight = new Parameter(empty(entries, width).DetachFromDisposeScope());
        embedding.weight.DetachFromDisposeScope();
        unused.Dispose();
        return embedding;
    }

    /// <summary>The reference's initialisation: normal with the config's range, biases 0, LayerNorm 1 and 0, the padding word 0.</summary>
    public static void Randomize(nn.Module module, BertConfig config, Generator? generator)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (name, parameter) in module.named_parameters())
        {
            if (name.EndsWith("LayerNorm.weight", StringComparison.Ordinal))
                parameter.fill_(1);
            else if (name.EndsWith("bias", StringComparison.Ordinal))
                parameter.fill_(0);
            else
                parameter.normal_(0, config.InitializerRange, generator);
            if (name.EndsWith("word_embeddings.weight", StringComparison.Ordinal) && config.PadTokenId is { } padding)
                parameter[padding].fill_(0);
        }
    }
}
