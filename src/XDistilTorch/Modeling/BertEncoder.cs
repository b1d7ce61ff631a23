using TorchSharp.Utils;
using static TorchSharp.torch;

namespace XDistilTorch.Modeling;

/// <summary>The stack of layers; <c>encoder</c> in the checkpoint.</summary>
public sealed class BertEncoder : nn.Module<Tensor, AttentionMask, ForwardContext?, Tensor>
{
    [ComponentName(Name = "layer")]
    private readonly BertLayers layer;

    /// <summary>Makes the encoder; its weights are not initialised.</summary>
    public BertEncoder(BertConfig config)
        : base(nameof(BertEncoder))
    {
        layer = new BertLayers(config);
        RegisterComponents();
    }

    /// <summary>The layers by number.</summary>
    public BertLayers Layer => layer;

    /// <summary>[B, S, H] -> [B, S, H]: the last layer's output, or that of the last one a context that only observes has asked for.</summary>
    public override Tensor forward(Tensor hidden, AttentionMask mask, ForwardContext? context)
    {
        using var scope = NewDisposeScope();
        var current = hidden;
        for (var i = 0; i < layer.Count && context?.Reaches(i) != false; i++)
        {
            current = context.At(Point.LayerOutput(i), layer[i].call(current, mask, context)); // here, so that replaced layers show theirs too
            scope.DisposeEverythingBut(current); // one layer's output at a time; what a context recorded is its own
        }
        return ReferenceEquals(current, hidden) ? hidden.alias().MoveToOuterDisposeScope() : current.MoveToOuterDisposeScope();
    }
}
