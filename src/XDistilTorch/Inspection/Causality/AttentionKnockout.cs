using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Causality;

/// <summary>
/// Attention knock-out: some tokens may not look at some others, in chosen layers and heads. Shows whether what passes that way is needed, where ablation takes a whole head.
/// </summary>
public sealed class AttentionKnockout
{
    private readonly BertForQuestionAnswering model;
    private readonly IReadOnlyList<int> layers;
    private readonly IReadOnlyList<int>? heads;

    /// <param name="model">The model.</param>
    /// <param name="layers">In which layers.</param>
    /// <param name="heads">In which heads of them, where a layer has them; null: all.</param>
    /// <exception cref="InspectionException">There is no such layer or head.</exception>
    public AttentionKnockout(BertForQuestionAnswering model, IReadOnlyList<int> layers, IReadOnlyList<int>? heads = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(layers);
        foreach (var layer in layers)
            InspectedPart.Check(layer, model.Config.NumHiddenLayers, "layer");
        foreach (var head in heads ?? [])
            InspectedPart.Check(head, model.Config.MostHeads, "head");
        (this.model, this.layers, this.heads) = (model, layers, heads);
    }

    /// <summary>The logits when no query of one set sees a key of another; [1, S] each, they belong to the dispose scope around.</summary>
    /// <param name="input">One window, [1, S].</param>
    /// <param name="queries">Which tokens may not look, S of them.</param>
    /// <param name="keys">Which they may not look at, S of them.</param>
    /// <exception cref="ArgumentException">The sets are of another length than the window.</exception>
    public QuestionAnsweringOutput Run(BertInput input, IReadOnlyList<bool> queries, IReadOnlyList<bool> keys)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(keys);
        var ids = input.InputIds ?? input.InputsEmbeds!;
        if (queries.Count != ids.shape[1] || keys.Count != ids.shape[1])
            throw new ArgumentException($"{queries.Count} queries and {keys.Count} keys are given, expected {ids.shape[1]} each.");
        using var pairs = tensor(queries.ToArray(), device: ids.device)
            .unsqueeze(1)
            .logical_and(tensor(keys.ToArray(), device: ids.device)); // [S, S]
        using var context = new ForwardContext();
        foreach (var layer in layers)
        {
            var shut = Shut(layer).to(ids.device);
            context.Replace(
                Point.AttentionScores(layer),
                scores => scores.masked_fill(shut.logical_and(pairs), finfo(scores.dtype).min) // [1, heads, S, S]
            );
        }
        return model.Forward(input, context);
    }

    private Tensor Shut(int layer) =>
        tensor([.. Enumerable.Range(0, model.Config.HeadCount(layer)).Select(head => heads?.Contains(head) != false)]).view(1, -1, 1, 1);
}
