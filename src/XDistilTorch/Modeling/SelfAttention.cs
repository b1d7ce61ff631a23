using TorchSharp.Utils;
using static TorchSharp.torch;

namespace XDistilTorch.Modeling;

/// <summary>
/// Scaled dot-product self-attention of one layer; <c>attention.self</c> in the checkpoint. D = H / (heads before pruning), so that heads * D is H where all
/// heads are there, and 0 where none is left.
/// </summary>
public sealed class SelfAttention : nn.Module<Tensor, AttentionMask, ForwardContext?, Tensor>
{
    [ComponentName(Name = "query")]
    private nn.Module<Tensor, Tensor> query;

    [ComponentName(Name = "key")]
    private nn.Module<Tensor, Tensor> key;

    [ComponentName(Name = "value")]
    private nn.Module<Tensor, Tensor> value;

    private readonly int layer,
        heads,
        headSize;
    private readonly double dropout;

    /// <summary>Makes the attention of one layer; its weights are not initialised.</summary>
    public SelfAttention(BertConfig config, int layer)
        : base(nameof(SelfAttention))
    {
        this.layer = layer;
        heads = config.HeadCount(layer);
        headSize = config.HeadSize;
        dropout = config.AttentionProbsDropoutProb;
        query = Initialization.EmptyLinear(config.HiddenSize, config.AttentionWidth(layer));
        key = Initialization.EmptyLinear(config.HiddenSize, config.AttentionWidth(layer));
        value = Initialization.EmptyLinear(config.HiddenSize, config.AttentionWidth(layer));
        RegisterComponents();
    }

    /// <summary>The projection to queries, [B, S, H] -> [B, S, heads * D]; may be replaced by another module of that shape.</summary>
    public nn.Module<Tensor, Tensor> Query
    {
        get => query;
        set => this.Replace("query", ref query, value);
    }

    /// <summary>The projection to keys, [B, S, H] -> [B, S, heads * D]; may be replaced by another module of that shape.</summary>
    public nn.Module<Tensor, Tensor> Key
    {
        get => key;
        set => this.Replace("key", ref key, value);
    }

    /// <summary>The projection to values, [B, S, H] -> [B, S, heads * D]; may be replaced by another module of that shape.</summary>
    public nn.Module<Tensor, Tensor> Value
    {
        get => value;
        set => this.Replace("value", ref this.value, value);
    }

    /// <summary>The heads' context vectors side by side, [B, S, H] -> [B, S, heads * D].</summary>
    public override Tensor forward(Tensor hidden, AttentionMask mask, ForwardContext? context)
    {
        using var scope = NewDisposeScope();
        var q = context.At(Point.Query(layer), SplitHeads(query.call(hidden), hidden, "query")); // [B, S, H] -> [B, heads, S, D]
        var k = context.At(Point.Key(layer), SplitHeads(key.call(hidden), hidden, "key"));
        var v = context.At(Point.Value(layer), SplitHeads(value.call(hidden), hidden, "value"));

        var heads = context.At(Point.AttentionContext(layer), Attend(q, k, v, mask, context)); // [B, heads, S, D]
        return heads.transpose(1, 2).flatten(2).MoveToOuterDisposeScope(); // -> [B, S, heads * D]
    }

    private Tensor Attend(Tensor q, Tensor k, Tensor v, AttentionMask mask, ForwardContext? context)
    {
        Point scores = Point.AttentionScores(layer),
            probabilities = Point.AttentionProbabilities(layer);
        if (context is not null && (context.Intervenes(scores) || context.Intervenes(probabilities)))
            return nn.functional.dropout(Probabilities(q, k, mask, context), dropout, training).matmul(v);

        if (context is not null && (context.Wants(scores) || context.Wants(probabilities)))
            using (no_grad()) // only looked at: beside the stream, which stays what it is
                Probabilities(q, k, mask, context);
        if (heads == 0) // all pruned; the fused kernel divides by their number, which ends the process
            return v.alias();
        return nn.functional.scaled_dot_product_attention(q, k, v, mask.Additive, training ? dropout : 0);
    }

    private Tensor Probabilities(Tensor q, Tensor k, AttentionMask mask, ForwardContext context)
    {
        var scores = q.matmul(k.transpose(2, 3)).div(Math.Sqrt(q.shape[3])); // [B, heads, S, D] x [B, heads, D, S] -> [B, heads, S, S]
        if (mask.Additive is not null)
            scores = scores.add(mask.Additive);
        scores = context.At(Point.AttentionScores(layer), scores);
        return context.At(Point.AttentionProbabilities(layer), scores.softmax(-1));
    }

    private Tensor SplitHeads(Tensor projected, Tensor hidden, string part)
    {
        // A replaced projection may give anything, and mismatched matrices would end the process in native code.
        ModuleOutput.Check(projected, $"layer {layer}: attention.self.{part}", hidden.shape[0], hidden.shape[1], heads * headSize);
        return projected.view(hidden.shape[0], hidden.shape[1], heads, headSize).transpose(1, 2);
    }
}
