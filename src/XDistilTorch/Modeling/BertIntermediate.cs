using TorchSharp.Utils;
using static TorchSharp.torch;

namespace XDistilTorch.Modeling;

/// <summary>The first half of the MLP: projection and activation; <c>intermediate</c> in the checkpoint.</summary>
public sealed class BertIntermediate : nn.Module<Tensor, ForwardContext?, Tensor>
{
    [ComponentName(Name = "dense")]
    private nn.Module<Tensor, Tensor> dense;

    private readonly Func<Tensor, Tensor> activation;
    private readonly Point point;

    /// <summary>Makes the block; its weights are not initialised.</summary>
    public BertIntermediate(BertConfig config, int layer)
        : base(nameof(BertIntermediate))
    {
        point = Point.Intermediate(layer);
        activation = Activation.Find(config.HiddenAct)!; // the config was checked
        dense = Initialization.EmptyLinear(config.HiddenSize, config.IntermediateSize);
        RegisterComponents();
    }

    /// <summary>[B, S, H] -> [B, S, intermediate]; may be replaced.</summary>
    public nn.Module<Tensor, Tensor> Dense
    {
        get => dense;
        set => this.Replace("dense", ref dense, value);
    }

    /// <summary>[B, S, H] -> [B, S, intermediate].</summary>
    public override Tensor forward(Tensor hidden, ForwardContext? context)
    {
        using var scope = NewDisposeScope();
        return context.At(point, activation(dense.call(hidden))).MoveToOuterDisposeScope();
    }
}
