using XDistilTorch.Inspection;
using XDistilTorch.Modeling;
using XDistilTorch.Tests.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection.Attribution;

/// <summary>A model whose LayerNorms keep the deviation of one window and whose attention and MLPs write what they wrote for it: affine in all of them.</summary>
internal sealed class FrozenStream : IDisposable
{
    private readonly BertForQuestionAnswering model;
    private readonly BertInput input;
    private readonly ForwardContext clean;

    /// <summary>Takes the model's LayerNorms away: it is of no other use afterwards.</summary>
    public FrozenStream(BertForQuestionAnswering model, BertInput input)
    {
        (this.model, this.input) = (model, input);
        clean = new ForwardContext().Record(Point.All(model.Config.NumHiddenLayers));
        model.Forward(input, clean).Dispose();
        for (var layer = 0; layer < model.Config.NumHiddenLayers; layer++)
        {
            var attention = (ResidualOutput)((BertAttention)model.Layer(layer).Attention).Output;
            var before = layer == 0 ? Point.Embeddings : Point.LayerOutput(layer - 1);
            attention.LayerNorm = Frozen(attention.LayerNorm, clean[Point.AttentionOutput(layer)] + clean[before]);
            var output = (ResidualOutput)model.Layer(layer).Output;
            output.LayerNorm = Frozen(output.LayerNorm, clean[Point.MlpOutput(layer)] + clean[Point.AttentionLayerNorm(layer)]);
        }
    }

    /// <summary>The target with one point's value changed.</summary>
    public double Without(LogitTarget target, Point? changed, Func<Tensor, Tensor>? change = null)
    {
        using var context = new ForwardContext();
        for (var layer = 0; layer < model.Config.NumHiddenLayers; layer++)
            foreach (var point in new[] { Point.AttentionOutput(layer), Point.MlpOutput(layer) })
                context.Replace(point, _ => point == changed ? change!(clean[point]) : clean[point]);
        if (changed == Point.Embeddings)
            context.Replace(Point.Embeddings, change!);
        using var output = model.Forward(input, context);
        return target.Of(output.StartLogits, output.EndLogits).item<double>();
    }

    /// <summary>What a head wrote, [1, S, H].</summary>
    public Tensor Written(int layer, int head)
    {
        var dense = (TorchSharp.Modules.Linear)((ResidualOutput)((BertAttention)model.Layer(layer).Attention).Output).Dense;
        var vectors = clean[Point.AttentionContext(layer)][.., head]; // [1, S, D]
        var width = vectors.shape[2];
        return vectors.matmul(dense.weight![.., (int)(head * width)..(int)((head + 1) * width)].t());
    }

    public void Dispose() => clean.Dispose();

    private static FrozenNorm Frozen(nn.Module<Tensor, Tensor> norm, Tensor sum)
    {
        var own = (TorchSharp.Modules.LayerNorm)norm;
        var deviation = (sum.var(-1, unbiased: false, keepdim: true) + 1e-12).sqrt();
        return new FrozenNorm(x => (x - x.mean([-1], keepdim: true)) / deviation * own.weight! + own.bias!);
    }

    private sealed class FrozenNorm(Func<Tensor, Tensor> affine) : nn.Module<Tensor, Tensor>(nameof(FrozenNorm))
    {
        public override Tensor forward(Tensor x) => affine(x);
    }
}
