using static TorchSharp.torch;

namespace XDistilTorch.Modeling;

/// <summary>What the model says of B windows of S tokens. Owns its tensors.</summary>
public sealed class QuestionAnsweringOutput : IDisposable
{
    internal QuestionAnsweringOutput(
        Tensor startLogits,
        Tensor endLogits,
        IReadOnlyList<Tensor>? hiddenStates,
        IReadOnlyList<Tensor>? attentions
    ) => (StartLogits, EndLogits, HiddenStates, Attentions) = (startLogits, endLogits, hiddenStates, attentions);

    /// <summary>How much each token speaks for being the answer's first, [B, S]. Padding is not masked.</summary>
    public Tensor StartLogits { get; }

    /// <summary>How much each token speaks for being the answer's last, [B, S]. Padding is not masked.</summary>
    public Tensor EndLogits { get; }

    /// <summary>On request: the embedding output and every layer's output, layers + 1 tensors of [B, S, H].</summary>
    public IReadOnlyList<Tensor>? HiddenStates { get; }

    /// <summary>On request: every layer's attention probabilities, [B, heads, S queries, S keys] each.</summary>
    public IReadOnlyList<Tensor>? Attentions { get; }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        StartLogits.Dispose();
        EndLogits.Dispose();
        foreach (var tensor in (HiddenStates ?? []).Concat(Attentions ?? []))
            tensor.Dispose();
    }
}
