using XDistilTorch.Data;
using XDistilTorch.Inspection.Causality;
using XDistilTorch.Modeling;
using XDistilTorch.Training;
using XDistilTorch.Windows;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Importance;

/// <summary>
/// How much the loss of known answers depends on each head: by the gradient (Michel, Levy and Neubig 2019), and by zero ablation. The gradient is a first-order estimate of
/// what ablation measures. Both look at one head at a time: two that stand in for each other look idle, and cannot both go.
/// </summary>
/// <param name="model">The model, in evaluation mode.</param>
/// <param name="device">Where it is.</param>
/// <param name="measures">Which measures.</param>
public sealed class HeadImportance(BertForQuestionAnswering model, Device device, ImportanceMeasures measures = ImportanceMeasures.Gradient)
{
    /// <summary>What it can and cannot show.</summary>
    public const string Note =
        "Importance looks at one head at a time, on these questions: heads that stand in for each other look idle, so measure again after pruning some.";

    /// <summary>Some of many questions, the same for the same seed, in their order.</summary>
    /// <param name="rows">All.</param>
    /// <param name="count">How many; where there are fewer, all.</param>
    /// <param name="seed">Which.</param>
    public static IReadOnlyList<QuestionRow> Draw(IReadOnlyList<QuestionRow> rows, int count, long seed)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        new RandomStream(seed, place: 0).Shuffle(order);
        return [.. order.Take(count).Order().Select(i => rows[i])];
    }

    /// <summary>Measures the questions of a set one by one, each when it is asked for. Questions that were left out of the set are passed over.</summary>
    /// <param name="set">Questions with their labels.</param>
    /// <param name="cancellation">Looked at before every pass.</param>
    /// <exception cref="InspectionException">The model is in training mode.</exception>
    public IEnumerable<QuestionImportance> Over(TrainingSet set, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        return set.Windows.GroupBy(window => window.Row).Select(question => Of([.. question], cancellation));
    }

    /// <summary>Measures one question.</summary>
    /// <param name="windows">All its windows, at least one.</param>
    /// <param name="cancellation">Looked at before every pass.</param>
    /// <exception cref="InspectionException">The model is in training mode.</exception>
    public QuestionImportance Of(IReadOnlyList<TrainingWindow> windows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(windows);
        ArgumentOutOfRangeException.ThrowIfZero(windows.Count, nameof(windows));
        if (model.training)
            throw new InspectionException("the model is in training mode, where dropout changes every pass; call eval() first.");
        var loss = 0.0;
        var (slopes, losses, scores) = (Zeros(), Zeros(), Zeros());
        foreach (var window in windows) // alone, so that no padding takes part in the loss
        {
            using var scope = NewDisposeScope();
            var batch = new TrainingBatch([window], paddingId: 0, device);
            loss += measures == ImportanceMeasures.Ablation ? Loss(batch) : AddSlopes(batch, slopes, cancellation);
            if (measures != ImportanceMeasures.Gradient)
                AddChanges(batch, window.Label, losses, scores, cancellation);
        }
        var count = windows.Count;
        return new QuestionImportance(
            windows[0].Row,
            count,
            loss / count,
            measures == ImportanceMeasures.Ablation ? null : Mean(slopes, count),
            measures == ImportanceMeasures.Gradient ? null : Mean(losses, count),
            measures == ImportanceMeasures.Gradient ? null : Mean(scores, count)
        );
    }

    private double Loss(TrainingBatch batch)
    {
        using var _ = no_grad();
        var output = model.Forward(batch.Input);
        return QuestionAnsweringLoss
            .Of(output.StartLogits, output.EndLogits, batch.Starts, batch.Ends)
            .to(ScalarType.Float64)
            .item<double>();
    }

    private double AddSlopes(TrainingBatch batch, double[][] sums, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var rest = new ParametersAtRest(model);
        using var context = new ForwardContext().RecordForGradient(Enumerable.Range(0, sums.Length).Select(Point.AttentionContext));
        var output = model.Forward(batch.Input, context);
        var loss = QuestionAnsweringLoss.Of(output.StartLogits, output.EndLogits, batch.Starts, batch.Ends);
        loss.backward();
        using var _ = no_grad();
        for (var layer = 0; layer < sums.Length; layer++)
            if (sums[layer].Length > 0)
                Add(sums[layer], Slopes(context, Point.AttentionContext(layer)));
        return loss.to(ScalarType.Float64).item<double>();
    }

    // c . dL/dc, [1, heads, S, D] -> [heads]
    private static Tensor Slopes(ForwardContext context, Point point)
    {
        using var gradient =
            context.Gradient(point)
            ?? throw new InspectionException($"{point}: the loss does not depend on it; a part above it was replaced.");
        return context[point].mul(gradient).sum([0L, 2L, 3L]);
    }

    private void AddChanges(TrainingBatch batch, TrainingLabel label, double[][] losses, double[][] scores, CancellationToken cancellation)
    {
        using var _ = no_grad();
        var ablation = new Ablation(model);
        var target = LogitTarget.Span(new TokenSpan(label.Start, label.End));
        using var whole = model.Forward(batch.Input);
        var (loss, score) = (LossOfEach(whole, batch), target.Of(whole.StartLogits, whole.EndLogits)); // [1] each
        for (var layer = 0; layer < losses.Length; layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (losses[layer].Length == 0)
                continue;
            using var without = ablation.WithoutEachHead(batch.Input, layer); // [heads, S]
            Add(losses[layer], LossOfEach(without, batch).sub(loss));
            Add(scores[layer], target.Of(without.StartLogits, without.EndLogits).sub(score));
        }
    }

    private static Tensor LossOfEach(QuestionAnsweringOutput output, TrainingBatch batch)
    {
        var rows = output.StartLogits.shape[0];
        return QuestionAnsweringLoss.OfEach(output.StartLogits, output.EndLogits, batch.Starts.expand(rows), batch.Ends.expand(rows));
    }

    private static void Add(double[] sums, Tensor values)
    {
        foreach (var (i, value) in values.to(ScalarType.Float64).cpu().data<double>().Index())
            sums[i] += value;
    }

    private double[][] Zeros() =>
        [.. Enumerable.Range(0, model.Config.NumHiddenLayers).Select(layer => new double[model.Config.HeadCount(layer)])];

    private static double[][] Mean(double[][] sums, int count) => [.. sums.Select(heads => heads.Select(sum => sum / count).ToArray())];
}
