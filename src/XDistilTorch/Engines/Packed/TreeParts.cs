using TorchSharp.Modules;
using static TorchSharp.torch;

namespace XDistilTorch.Engines.Packed;

/// <summary>The modules with numbers of an unmodified model.</summary>
internal sealed record TreeParts(
    Embedding Words,
    Embedding Types,
    Embedding Positions,
    LayerNorm Norm,
    LayerParts[] Layers,
    Linear QaOutputs
)
{
    /// <summary>Every module, in the order of the tree.</summary>
    public IEnumerable<nn.Module> Modules() =>
        [Words, Types, Positions, Norm, .. Layers.SelectMany(layer => layer.Linears()), .. Norms(), QaOutputs];

    /// <summary>Every LayerNorm.</summary>
    public IEnumerable<LayerNorm> Norms() => Layers.SelectMany(layer => (LayerNorm[])[layer.AttentionNorm, layer.OutputNorm]).Prepend(Norm);

    /// <summary>Every parameter, in the order of the tree.</summary>
    public IEnumerable<Tensor> Parameters()
    {
        yield return Words.weight!;
        yield return Types.weight!;
        yield return Positions.weight!;
        yield return Norm.weight!;
        yield return Norm.bias!;
        foreach (var layer in Layers)
        {
            foreach (var linear in layer.Linears())
            {
                yield return linear.weight!;
                if (linear.bias is { } bias)
                    yield return bias;
            }
            foreach (var norm in (LayerNorm[])[layer.AttentionNorm, layer.OutputNorm])
            {
                yield return norm.weight!;
                yield return norm.bias!;
            }
        }
        yield return QaOutputs.weight!;
        if (QaOutputs.bias is { } last)
            yield return last;
    }
}

/// <summary>The modules with numbers of one layer.</summary>
internal sealed record LayerParts(
    Linear Query,
    Linear Key,
    Linear Value,
    Linear AttentionOutput,
    LayerNorm AttentionNorm,
    Linear Up,
    Linear Down,
    LayerNorm OutputNorm
)
{
    public IEnumerable<Linear> Linears() => [Query, Key, Value, AttentionOutput, Up, Down];
}
