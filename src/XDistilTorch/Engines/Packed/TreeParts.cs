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
    /// <summary>What a snapshot is made of.</summary>
    public ModelNumbers Numbers() =>
        new(
            Of(Words.weight!),
            Of(Types.weight!),
            Of(Positions.weight!),
            Of(Norm),
            [.. Layers.Select(layer => layer.Numbers())],
            Of(QaOutputs)
        );

    /// <summary>Those of one linear layer.</summary>
    public static LinearNumbers Of(Linear linear) => new(Of(linear.weight!), linear.bias is { } bias ? Of(bias) : null);

    /// <summary>Those of one LayerNorm.</summary>
    public static LayerNormNumbers Of(LayerNorm norm) => new(Of(norm.weight!), Of(norm.bias!), norm.eps);

    private static TensorNumbers Of(Tensor parameter) => new(parameter);

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
    /// <summary>What a snapshot is made of.</summary>
    public LayerNumbers Numbers() =>
        new(
            TreeParts.Of(Query),
            TreeParts.Of(Key),
            TreeParts.Of(Value),
            TreeParts.Of(AttentionOutput),
            TreeParts.Of(AttentionNorm),
            TreeParts.Of(Up),
            TreeParts.Of(Down),
            TreeParts.Of(OutputNorm)
        );

    public IEnumerable<Linear> Linears() => [Query, Key, Value, AttentionOutput, Up, Down];
}
