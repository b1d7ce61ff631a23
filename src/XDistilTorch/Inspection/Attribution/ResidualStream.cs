using TorchSharp.Modules;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Attribution;

/// <summary>
/// The way back from a target along the residual stream. Held is the direction in which a vector of the stream counts for the target, for each of the P
/// tokens that the target has logits of; LayerNorms, their variances frozen, turn it. All in double precision.
/// </summary>
/// <remarks>The tensors belong to the dispose scope in which it is made and used.</remarks>
internal sealed class ResidualStream
{
    private readonly ForwardContext context;
    private readonly double eps;
    private readonly Tensor positions; // [P]
    private readonly Tensor perToken; // [S]
    private Tensor direction; // [P, H]

    public ResidualStream(ForwardContext context, LogitTarget target, int length, Linear head, double eps)
    {
        (this.context, this.eps) = (context, eps);
        var device = head.weight.device;
        // The target is linear in the logits: of unit vectors it gives its weights.
        Tensor units = eye(length, dtype: ScalarType.Float64, device: device),
            none = zeros_like(units);
        var weights = stack([target.Of(units, none), target.Of(none, units)], 1); // [S, 2]
        positions = weights.abs().sum(1).nonzero().flatten();
        perToken = zeros(length, ScalarType.Float64, device);
        direction = weights.index_select(0, positions).matmul(Double(head.weight)); // [P, 2] x [2, H]
        Biases = head.bias is { } bias ? weights.sum(dim: 0).mul(Double(bias)).sum().item<double>() : 0;
    }

    /// <summary>What the biases met so far add.</summary>
    public double Biases { get; private set; }

    /// <summary>Back through a layer's second LayerNorm; what its MLP adds.</summary>
    public double ThroughMlp(DirectLayer layer)
    {
        var written = Rows(Point.MlpOutput(layer.Number));
        Turn(layer.OutputNorm, written.add(Rows(Point.AttentionLayerNorm(layer.Number))));
        return AddHere(written);
    }

    /// <summary>Back through a layer's first LayerNorm; what each of its heads adds.</summary>
    public double[] ThroughAttention(DirectLayer layer)
    {
        Turn(layer.AttentionNorm, Rows(Point.AttentionOutput(layer.Number)).add(Rows(layer.Input)));
        if (layer.Dense.bias is { } bias)
            Biases += direction.matmul(Double(bias)).sum().item<double>();

        var values = Double(context[Point.Value(layer.Number)].squeeze(0)); // [heads, S, D]
        var attended = Double(context[Point.AttentionProbabilities(layer.Number)].squeeze(0).index_select(1, positions)); // [heads, P, S]
        var byHead = direction.matmul(Double(layer.Dense.weight)); // [P, H] x [H, heads * D]
        byHead = byHead.view(byHead.shape[0], values.shape[0], values.shape[2]).transpose(0, 1); // -> [heads, P, D]
        var terms = byHead.bmm(values.transpose(1, 2)).mul(attended).sum(1); // [heads, P, S] -> [heads, S]
        perToken.add_(terms.sum(dim: 0));
        return terms.sum(1).data<double>().ToArray();
    }

    /// <summary>What the embeddings add, where the stream begins.</summary>
    public double AtEmbeddings() => AddHere(Rows(Point.Embeddings));

    /// <summary>All terms but the biases by the token they come from.</summary>
    public double[] PerToken() => perToken.cpu().data<double>().ToArray();

    // x -> gamma (x - mean x) / deviation + beta; its transpose scales first and centres afterwards.
    private void Turn(LayerNorm norm, Tensor sum)
    {
        if (norm.bias is { } bias)
            Biases += direction.matmul(Double(bias)).sum().item<double>();
        var deviation = sum.var(1, unbiased: false, keepdim: true).add(eps).sqrt(); // [P, 1]
        var scaled = (norm.weight is { } weight ? direction.mul(Double(weight)) : direction).div(deviation);
        direction = scaled.sub(scaled.mean([1], keepdim: true));
    }

    private double AddHere(Tensor written)
    {
        var terms = direction.mul(written).sum(1); // [P, H] -> [P]
        perToken.index_add_(0, positions, terms, 1);
        return terms.sum().item<double>();
    }

    private Tensor Rows(Point point) => Double(context[point].squeeze(0).index_select(0, positions)); // [1, S, H] -> [P, H]

    private static Tensor Double(Tensor tensor) => tensor.to(ScalarType.Float64);
}
