using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Recording;

/// <summary>The values at chosen points for one window, and where asked the gradients of a score by them. Plain tensors, the caller's to dispose with the recording.</summary>
public sealed class WindowRecording : IDisposable
{
    private WindowRecording(InspectedWindow window, Dictionary<string, Tensor> tensors) => (Window, Tensors) = (window, tensors);

    /// <summary>The window.</summary>
    public InspectedWindow Window { get; }

    /// <summary>By the points' names; gradients under <c>gradient/</c> and the point's name. A point that the score does not depend on has no gradient.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>How many bytes a recording would hold, before any is made.</summary>
    /// <param name="config">The model's.</param>
    /// <param name="points">Which points.</param>
    /// <param name="length">S, how many tokens.</param>
    /// <param name="elementSize">Bytes a number.</param>
    /// <param name="withGradients">Whether gradients come too.</param>
    public static long Bytes(BertConfig config, IReadOnlyList<Point> points, int length, int elementSize, bool withGradients)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(points);
        long Numbers(Point point) =>
            point.Kind switch
            {
                PointKind.AttentionScores or PointKind.AttentionProbabilities => (long)config.HeadCount(point.Layer) * length * length,
                PointKind.Query or PointKind.Key or PointKind.Value or PointKind.AttentionContext => (long)length
                    * config.AttentionWidth(point.Layer),
                PointKind.Intermediate => (long)length * config.IntermediateSize,
                PointKind.Logits => 2L * length,
                _ => (long)length * config.HiddenSize,
            };
        return points.Sum(Numbers) * elementSize * (withGradients ? 2 : 1);
    }

    /// <summary>Records.</summary>
    /// <param name="model">The model.</param>
    /// <param name="window">The window.</param>
    /// <param name="points">Which points.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="gradientsOf">A score whose gradients are kept too; null: none, and the pass ends after the last layer that is needed.</param>
    public static WindowRecording Of(
        BertForQuestionAnswering model,
        InspectedWindow window,
        IReadOnlyList<Point> points,
        Device device,
        LogitTarget? gradientsOf = null
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(points);
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        using var scope = NewDisposeScope();
        using var context = new ForwardContext();
        if (gradientsOf is null)
        {
            using var _ = no_grad();
            model.Observe(window.ToInput(device), context.Record(points));
        }
        else
            Backward(model, window.ToInput(device), context.RecordForGradient(points), gradientsOf);
        foreach (var point in points)
        {
            Keep(tensors, point.ToString(), context[point]);
            if (gradientsOf is not null && context.Gradient(point) is { } gradient)
                Keep(tensors, $"gradient/{point}", gradient);
        }
        return new WindowRecording(window, tensors);
    }

    private static void Backward(BertForQuestionAnswering model, BertInput input, ForwardContext context, LogitTarget target)
    {
        using var rest = new ParametersAtRest(model);
        var output = model.Forward(input, context);
        target.Of(output.StartLogits, output.EndLogits).sum().backward();
    }

    private static void Keep(Dictionary<string, Tensor> tensors, string name, Tensor value) =>
        tensors[name] = value.detach().clone().DetachFromDisposeScope();

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in Tensors.Values)
            tensor.Dispose();
    }
}
