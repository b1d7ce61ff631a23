using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection;

/// <summary>Where an answer's tokens look and who looks at them, layer by layer and head by head.</summary>
public sealed class AttentionReport
{
    /// <summary>What attention can and cannot show.</summary>
    public const string Note =
        "Attention is not explanation: it shows from where heads read, not what the answer depends on; that shows only where something is changed (ablation, patching, occlusion).";

    private AttentionReport(InspectedTarget target, IReadOnlyList<LayerAttention> layers) => (Target, Layers) = (target, layers);

    /// <summary>What is looked at.</summary>
    public InspectedTarget Target { get; }

    /// <summary>The layers that have such heads, ascending: of a pruned model not always all that were asked for.</summary>
    public IReadOnlyList<LayerAttention> Layers { get; }

    /// <summary>Records a window and measures it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="target">The window and what in it is looked at.</param>
    /// <param name="layers">Which layers, from 0; null: all.</param>
    /// <param name="heads">Which heads of each, from 0; null: all.</param>
    /// <exception cref="InspectionException">There is no such layer or head, or too little memory.</exception>
    public static AttentionReport Of(
        BertForQuestionAnswering model,
        InspectedTarget target,
        IEnumerable<int>? layers = null,
        IEnumerable<int>? heads = null
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(target);
        var chosen = InspectedPart.Chosen(heads, model.Config.MostHeads, "head");
        var asked = InspectedPart.Chosen(layers, model.Config.NumHiddenLayers, "layer");
        var there = asked
            .Select(layer => (Layer: layer, Heads: chosen.Where(head => head < model.Config.HeadCount(layer)).ToArray()))
            .Where(layer => layer.Heads.Length > 0)
            .ToList();
        if (there.Count == 0)
            throw new InspectionException(
                $"layer {string.Join(", ", asked)}: the heads that are asked for were pruned, expected one at least that is there."
            );
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var recording = AttentionRecording.Of(model, target.Window, Enumerable.Range(0, asked[^1] + 1), withValues: true);
        var rollouts = AttentionRollout.Of(recording.Layers.Select(recording.Probabilities)); // from layer 0 on, whichever are asked for
        return new AttentionReport(
            target,
            [.. there.Select(layer => Measure(recording, model, layer.Layer, target, layer.Heads, rollouts[layer.Layer]))]
        );
    }

    private static LayerAttention Measure(
        AttentionRecording recording,
        BertForQuestionAnswering model,
        int layer,
        InspectedTarget target,
        int[] heads,
        Tensor rollout
    )
    {
        using var scope = NewDisposeScope();
        var recorded = recording.Probabilities(layer);
        var numbers = tensor(heads.Select(head => (long)head).ToArray(), device: recorded.device);
        var attention = recorded.select(0, 0).index_select(0, numbers); // [1, all heads, S, S] -> [heads, S, S]
        var norms = AttentionValueNorm.Of(recording, model, layer).select(0, 0).index_select(0, numbers);
        TokenGroup?[] groups = [.. target.Window.Groups(target.Span)];
        var mass = GroupMass.Of(attention, groups);
        var figures = Figures(
            mass.Groups,
            Rows(mass.Row(target.Group)),
            Rows(SpanAttention.From(attention, target.Tokens)),
            Rows(SpanAttention.To(attention, target.Tokens)),
            Rows(SpanAttention.From(norms, target.Tokens)),
            Rows(stack([SinkShare.Of(attention, groups), AttentionEntropy.Of(attention), AttentionDistance.Of(attention)], 1))
        );
        return new LayerAttention(
            layer,
            figures[^1],
            [.. heads.Select((head, row) => new HeadAttention(head, figures[row]))],
            Rows(SpanAttention.From(rollout, target.Tokens))[^1] // [1, S, S] -> [1, S]: its own mean
        );
    }

    // [heads, n] -> a row for each head, and behind them their mean.
    private static float[][] Rows(Tensor ofHeads)
    {
        using var scope = NewDisposeScope();
        var values = cat([ofHeads, ofHeads.mean([0], keepdim: true)], 0).to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        return [.. values.Chunk((int)ofHeads.shape[1])];
    }

    private static AttentionFigures[] Figures(
        IReadOnlyList<TokenGroup> groups,
        float[][] mass,
        float[][] looksAt,
        float[][] lookedAtBy,
        float[][] valueNorm,
        float[][] others
    ) =>
        [
            .. Enumerable
                .Range(0, mass.Length)
                .Select(row => new AttentionFigures
                {
                    GroupMass = groups.Zip(mass[row]).ToDictionary(pair => pair.First, pair => pair.Second),
                    LooksAt = looksAt[row],
                    LookedAtBy = lookedAtBy[row],
                    ValueNorm = valueNorm[row],
                    SinkShare = others[row][0],
                    Entropy = others[row][1],
                    Distance = others[row][2],
                }),
        ];
}
