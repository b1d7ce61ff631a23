using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Causality;

/// <summary>
/// What becomes of a score when a part of the model is taken away: each head alone, or each layer. A score that falls needed the part; what the others could make up for
/// is not seen.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="kind">What is put in the part's place.</param>
/// <param name="reference">
/// Other windows, for <see cref="AblationKind.Mean"/> and <see cref="AblationKind.Resample"/>; without one the mean is that over the window's own positions, and resampling is
/// refused.
/// </param>
public sealed class Ablation(BertForQuestionAnswering model, AblationKind kind = AblationKind.Zero, AblationReference? reference = null)
{
    /// <summary>The score without each head.</summary>
    /// <param name="input">One window, [1, S].</param>
    /// <param name="target">The score.</param>
    /// <param name="layers">Which layers.</param>
    /// <param name="cancellation">Looked at before every layer.</param>
    /// <returns>One row a layer, one value a head: the score without it. Differences to the score with all are the effect.</returns>
    /// <exception cref="InspectionException">There is nothing to resample from.</exception>
    public IReadOnlyList<double[]> Heads(
        BertInput input,
        LogitTarget target,
        IReadOnlyList<int> layers,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(layers);
        List<double[]> scores = [];
        foreach (var layer in layers)
        {
            cancellation.ThrowIfCancellationRequested();
            if (model.Config.HeadCount(layer) == 0) // all pruned: nothing to take away
            {
                scores.Add([]);
                continue;
            }
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            var output = WithoutEachHead(input, layer);
            scores.Add(Values(target.Of(output.StartLogits, output.EndLogits)));
        }
        return scores;
    }

    /// <summary>The logits without each head of a layer, [heads, S] each: row h is the window without head h. They belong to the dispose scope around.</summary>
    /// <exception cref="InspectionException">The layer has no heads left, or there is nothing to resample from.</exception>
    public QuestionAnsweringOutput WithoutEachHead(BertInput input, int layer)
    {
        var heads = HeadsOf(layer);
        var off = eye(heads, dtype: ScalarType.Bool).unsqueeze(-1).unsqueeze(-1); // [rows, heads, 1, 1]
        return Without(input, heads, Point.AttentionContext(layer), off);
    }

    /// <summary>The logits with only one head of a layer, [heads, S] each: row h is the window with head h alone. They belong to the dispose scope around.</summary>
    /// <exception cref="InspectionException">The layer has no heads left, or there is nothing to resample from.</exception>
    public QuestionAnsweringOutput WithOnlyEachHead(BertInput input, int layer)
    {
        var heads = HeadsOf(layer);
        var off = eye(heads, dtype: ScalarType.Bool).logical_not().unsqueeze(-1).unsqueeze(-1);
        return Without(input, heads, Point.AttentionContext(layer), off);
    }

    private int HeadsOf(int layer) =>
        model.Config.HeadCount(layer) is var heads and > 0
            ? heads
            : throw new InspectionException($"layer {layer} has no heads: all of them were pruned.");

    /// <summary>The score without each layer.</summary>
    /// <inheritdoc cref="Heads"/>
    public double[] Layers(BertInput input, LogitTarget target, IReadOnlyList<int> layers, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(layers);
        List<double> scores = [];
        foreach (var layer in layers)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            var output = WithoutLayer(input, layer);
            scores.Add(Values(target.Of(output.StartLogits, output.EndLogits))[0]);
        }
        return [.. scores];
    }

    /// <summary>The logits without a layer, [1, S] each. They belong to the dispose scope around.</summary>
    public QuestionAnsweringOutput WithoutLayer(BertInput input, int layer)
    {
        using var context = Without(layer);
        return model.Forward(input, context);
    }

    private ForwardContext Without(int layer)
    {
        var point = Point.LayerOutput(layer);
        if (kind != AblationKind.Zero)
            return new ForwardContext().Replace(point, value => InPlaceOf(point, value).expand_as(value));
        var before = layer == 0 ? Point.Embeddings : Point.LayerOutput(layer - 1);
        var context = new ForwardContext().Record(before);
        return context.Replace(point, _ => context[before]); // what went in
    }

    // Rows of the same window that differ in what is taken away.
    private QuestionAnsweringOutput Without(BertInput input, int rows, Point point, Tensor off)
    {
        using var context = new ForwardContext().Replace(point, value => where(off.to(value.device), InPlaceOf(point, value), value));
        return model.Forward(RepeatedInput.Of(input, rows), context);
    }

    private Tensor InPlaceOf(Point point, Tensor value) =>
        kind switch
        {
            AblationKind.Zero => zeros_like(value),
            AblationKind.Mean => reference?.Mean(point) ?? value.mean([AblationReference.PositionOf(point)], keepdim: true),
            _ => reference?.Drawn(point, value.shape[AblationReference.PositionOf(point)])
                ?? throw new InspectionException(
                    "resampling needs other windows to take values from; give a file of questions, or zero or mean."
                ),
        };

    private static double[] Values(Tensor scores) => [.. scores.to(ScalarType.Float64).cpu().data<double>()];
}
