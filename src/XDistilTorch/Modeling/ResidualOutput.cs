using TorchSharp.Utils;
using static TorchSharp.torch;

namespace XDistilTorch.Modeling;

/// <summary>
/// Projection back to the hidden size, dropout, residual and LayerNorm: <c>attention.output</c> and <c>output</c> of a layer in the checkpoint,
/// which differ only in the width that comes in.
/// </summary>
public sealed class ResidualOutput : nn.Module<Tensor, Tensor, ForwardContext?, Tensor>
{
    [ComponentName(Name = "dense")]
    private nn.Module<Tensor, Tensor> dense;

    [ComponentName(Name = "LayerNorm")]
    private nn.Module<Tensor, Tensor> layerNorm;

    [ComponentName(Name = "dropout")]
    private nn.Module<Tensor, Tensor> dropout;

    private readonly Point projected,
        normalized;

    /// <summary>Makes the block; its weights are not initialised.</summary>
    /// <param name="config">The model's config.</param>
    /// <param name="inputs">Width of what comes in: heads * D after attention, the intermediate size after the MLP.</param>
    /// <param name="projected">The point at the projection's output.</param>
    /// <param name="normalized">The point at the LayerNorm's output.</param>
    public ResidualOutput(BertConfig config, int inputs, Point projected, Point normalized)
        : base(nameof(ResidualOutput))
    {
        this.projected = projected;
        this.normalized = normalized;
        dense = Initialization.EmptyLinear(inputs, config.HiddenSize);
        layerNorm = nn.LayerNorm(config.HiddenSize, config.LayerNormEps);
        dropout = nn.Dropout(config.HiddenDropoutProb);
        RegisterComponents();
    }

    /// <summary>[B, S, inputs] -> [B, S, H]; may be replaced.</summary>
    public nn.Module<Tensor, Tensor> Dense
    {
        get => dense;
        set => this.Replace("dense", ref dense, value);
    }

    /// <summary>[B, S, H] -> [B, S, H]; may be replaced.</summary>
    public nn.Module<Tensor, Tensor> LayerNorm
    {
        get => layerNorm;
        set => this.Replace("LayerNorm", ref layerNorm, value);
    }

    /// <summary>LayerNorm(dropout(dense(x)) + residual), [B, S, inputs] and [B, S, H] -> [B, S, H].</summary>
    public override Tensor forward(Tensor x, Tensor residual, ForwardContext? context)
    {
        using var scope = NewDisposeScope();
        var hidden = dropout.call(context.At(projected, dense.call(x)));
        return context.At(normalized, layerNorm.call(hidden.add(residual))).MoveToOuterDisposeScope();
    }
}
