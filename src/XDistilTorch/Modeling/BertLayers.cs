using System.Globalization;
using static TorchSharp.torch;

namespace XDistilTorch.Modeling;

/// <summary>The encoder's layers by number; <c>encoder.layer</c> in the checkpoint. Each may be replaced by another module of the same signature.</summary>
public sealed class BertLayers : nn.Module
{
    private readonly nn.Module<Tensor, AttentionMask, ForwardContext?, Tensor>[] layers;

    /// <summary>Makes all layers; their weights are not initialised.</summary>
    public BertLayers(BertConfig config)
        : base(nameof(BertLayers))
    {
        layers = new nn.Module<Tensor, AttentionMask, ForwardContext?, Tensor>[config.NumHiddenLayers];
        for (var i = 0; i < layers.Length; i++)
            register_module(Name(i), layers[i] = new BertLayer(config, i));
    }

    /// <summary>How many layers.</summary>
    public int Count => layers.Length;

    /// <summary>Layer <paramref name="layer"/> (a <see cref="BertLayer"/>), counted from 0, [B, S, H] -> [B, S, H]; may be replaced.</summary>
    public nn.Module<Tensor, AttentionMask, ForwardContext?, Tensor> this[int layer]
    {
        get => layers[layer];
        set => this.Replace(Name(layer), ref layers[layer], value);
    }

    private static string Name(int layer) => layer.ToString(CultureInfo.InvariantCulture);
}
