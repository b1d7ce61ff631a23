using TorchSharp.Utils;
using static TorchSharp.torch;

namespace XDistilTorch.Modeling;

/// <summary>Self-attention with its output projection; <c>attention</c> in the checkpoint.</summary>
public sealed class BertAttention : nn.Module<Tensor, AttentionMask, ForwardContext?, Tensor>
{
    [ComponentName(Name = "self")]
    private nn.Module<Tensor, AttentionMask, ForwardContext?, Tensor> self;

    [ComponentName(Name = "output")]
    private nn.Module<Tensor, Tensor, ForwardContext?, Tensor> output;

    /// <summary>Makes the attention block of one layer; its weights are not initialised.</summary>
    public BertAttention(BertConfig config, int layer)
        : base(nameof(BertAttention))
    {
        self = new SelfAttention(config, layer);
        output = new ResidualOutput(config, config.AttentionWidth(layer), Point.AttentionOutput(layer), Point.AttentionLayerNorm(layer));
        RegisterComponents();
    }

    /// <summary>The attention itself (a <see cref="SelfAttention"/>), [B, S, H] -> [B, S, heads * D]; may be replaced.</summary>
    public nn.Module<Tensor, AttentionMask, ForwardContext?, Tensor> Self
    {
        get => self;
        set => this.Replace("self", ref self, value);
    }

    /// <summary>Projection, residual and LayerNorm (a <see cref="ResidualOutput"/>); may be replaced.</summary>
    public nn.Module<Tensor, Tensor, ForwardContext?, Tensor> Output
    {
        get => output;
        set => this.Replace("output", ref output, value);
    }

    /// <summary>[B, S, H] -> [B, S, H].</summary>
    public override Tensor forward(Tensor hidden, AttentionMask mask, ForwardContext? context)
    {
        using var scope = NewDisposeScope();
        var heads = self.call(hidden, mask, context);
        return output.call(heads, hidden, context).MoveToOuterDisposeScope();
    }
}
