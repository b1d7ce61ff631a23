using TorchSharp.Utils;
using static TorchSharp.torch;

namespace XDistilTorch.Modeling;

/// <summary>One encoder layer: attention and MLP; <c>encoder.layer.N</c> in the checkpoint.</summary>
public sealed class BertLayer : nn.Module<Tensor, AttentionMask, ForwardContext?, Tensor>
{
    [ComponentName(Name = "attention")]
    private nn.Module<Tensor, AttentionMask, ForwardContext?, Tensor> attention;

    [ComponentName(Name = "intermediate")]
    private nn.Module<Tensor, ForwardContext?, Tensor> intermediate;

    [ComponentName(Name = "output")]
    private nn.Module<Tensor, Tensor, ForwardContext?, Tensor> output;

    /// <summary>Makes layer number <paramref name="layer"/>, counted from 0; its weights are not initialised.</summary>
    public BertLayer(BertConfig config, int layer)
        : base(nameof(BertLayer))
    {
        attention = new BertAttention(config, layer);
        intermediate = new BertIntermediate(config, layer);
        output = new ResidualOutput(config, config.IntermediateSize, Point.MlpOutput(layer), Point.OutputLayerNorm(layer));
        RegisterComponents();
    }

    /// <summary>The attention block (a <see cref="BertAttention"/>), [B, S, H] -> [B, S, H]; may be replaced.</summary>
    public nn.Module<Tensor, AttentionMask, ForwardContext?, Tensor> Attention
    {
        get => attention;
        set => this.Replace("attention", ref attention, value);
    }

    /// <summary>First half of the MLP (a <see cref="BertIntermediate"/>), [B, S, H] -> [B, S, intermediate]; may be replaced.</summary>
    public nn.Module<Tensor, ForwardContext?, Tensor> Intermediate
    {
        get => intermediate;
        set => this.Replace("intermediate", ref intermediate, value);
    }

    /// <summary>Second half of the MLP with residual and LayerNorm (a <see cref="ResidualOutput"/>); may be replaced.</summary>
    public nn.Module<Tensor, Tensor, ForwardContext?, Tensor> Output
    {
        get => output;
        set => this.Replace("output", ref output, value);
    }

    /// <summary>[B, S, H] -> [B, S, H].</summary>
    public override Tensor forward(Tensor hidden, AttentionMask mask, ForwardContext? context)
    {
        using var scope = NewDisposeScope();
        var attended = attention.call(hidden, mask, context);
        var expanded = intermediate.call(attended, context);
        return output.call(expanded, attended, context).MoveToOuterDisposeScope();
    }
}
