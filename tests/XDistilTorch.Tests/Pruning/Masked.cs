using XDistilTorch.Modeling;
using XDistilTorch.Pruning;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Pruning;

/// <summary>What a pruned model must compute: the whole one with the same parts masked.</summary>
internal static class Masked
{
    /// <summary>Both logits, [2, B, S], with context vectors of some heads set to 0.</summary>
    public static Tensor Heads(BertForQuestionAnswering model, BertInput input, IEnumerable<AttentionHead> heads)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var context = new ForwardContext();
        foreach (var layer in heads.GroupBy(head => head.Layer))
            context.Replace(
                Point.AttentionContext(layer.Key),
                value =>
                {
                    var masked = value.clone(); // [B, heads, S, D]
                    foreach (var (_, head) in layer)
                        masked[.., head].fill_(0);
                    return masked;
                }
            );
        return Logits(model, input, context).MoveToOuterDisposeScope();
    }

    /// <summary>Both logits, [2, B, S], with some layers giving their input on.</summary>
    public static Tensor Layers(BertForQuestionAnswering model, BertInput input, IReadOnlyList<int> layers)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var context = new ForwardContext();
        foreach (var layer in layers)
        {
            var before = layer == 0 ? Point.Embeddings : Point.LayerOutput(layer - 1);
            context.Record(before).Replace(Point.LayerOutput(layer), _ => context[before]);
        }
        return Logits(model, input, context).MoveToOuterDisposeScope();
    }

    public static Tensor Logits(BertForQuestionAnswering model, BertInput input, ForwardContext? context = null)
    {
        using var _ = no_grad();
        using var output = model.Forward(input, context);
        return stack([output.StartLogits, output.EndLogits]);
    }
}
