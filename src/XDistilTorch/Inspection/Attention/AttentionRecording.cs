using TorchSharp;
using XDistilTorch.Checkpoints;
using XDistilTorch.Inspection.Recording;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection;

/// <summary>The attention of chosen layers over a window, taken from one forward pass that ends after the last of them. Owns its tensors.</summary>
public sealed class AttentionRecording : IDisposable
{
    private readonly ForwardContext context;
    private readonly bool withValues;

    private AttentionRecording(ForwardContext context, int[] layers, bool withValues) =>
        (this.context, Layers, this.withValues) = (context, layers, withValues);

    /// <summary>Records a window.</summary>
    /// <inheritdoc cref="Of(BertForQuestionAnswering, BertInput, IEnumerable{int}, bool)"/>
    public static AttentionRecording Of(
        BertForQuestionAnswering model,
        InspectedWindow window,
        IEnumerable<int>? layers = null,
        bool withValues = false
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(window);
        using var scope = NewDisposeScope();
        return Of(model, window.ToInput(model.parameters().First().device), layers, withValues);
    }

    /// <summary>Records windows that are tensors already.</summary>
    /// <param name="model">The model; it is looked at only, and gives the same logits as ever.</param>
    /// <param name="input">B windows of S tokens.</param>
    /// <param name="layers">Which layers, from 0; null: all.</param>
    /// <param name="withValues">Whether the values that the attention weighs are recorded too.</param>
    /// <exception cref="InspectionException">
    /// There is no such layer, a module in its place shows no attention, or the recording would take more than half of the machine's memory.
    /// </exception>
    /// <exception cref="ArgumentException">The input does not fit the config.</exception>
    public static AttentionRecording Of(
        BertForQuestionAnswering model,
        BertInput input,
        IEnumerable<int>? layers = null,
        bool withValues = false
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        var chosen = InspectedPart.Chosen(layers, model.Config.NumHiddenLayers, "layer");
        Point[] points = [.. chosen.Select(Point.AttentionProbabilities), .. withValues ? chosen.Select(Point.Value) : []];
        RefuseTooMuch(model, input, chosen, points);
        var context = new ForwardContext().Record(points);
        try
        {
            using var _ = no_grad(); // not inference_mode: what is recorded may go into graphs of the caller's
            model.Observe(input, context);
            foreach (var point in points)
                if (!context.Has(point))
                    throw new InspectionException(
                        $"{point} cannot be recorded: the module in its place was replaced by one that does not show it."
                    );
            return new AttentionRecording(context, chosen, withValues);
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    /// <summary>The layers that were recorded, ascending.</summary>
    public IReadOnlyList<int> Layers { get; }

    /// <summary>A layer's attention, [B, heads, S queries, S keys]; it lives as long as the recording.</summary>
    /// <exception cref="InspectionException">The layer was not recorded.</exception>
    public Tensor Probabilities(int layer) => context[Point.AttentionProbabilities(Recorded(layer))];

    /// <summary>A layer's values, [B, heads, S, D]; they live as long as the recording.</summary>
    /// <exception cref="InspectionException">The layer or the values were not recorded.</exception>
    public Tensor Values(int layer) =>
        withValues
            ? context[Point.Value(Recorded(layer))]
            : throw new InspectionException("the recording is without values; ask for them when recording (withValues).");

    /// <summary>How many heads a recorded layer has.</summary>
    /// <exception cref="InspectionException">The layer was not recorded.</exception>
    public int Heads(int layer) => (int)Probabilities(layer).shape[1];

    /// <summary>One head's attention over one window as numbers, query by query: S * S of them, the key running fastest.</summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="head">The head, from 0.</param>
    /// <param name="window">Which of the B windows, from 0.</param>
    /// <exception cref="InspectionException">Layer, head or window were not recorded.</exception>
    public float[] Matrix(int layer, int head, int window = 0)
    {
        var probabilities = Probabilities(layer); // [B, heads, S, S]
        InspectedPart.Check(head, Heads(layer), "head");
        if (window < 0 || window >= probabilities.shape[0])
            throw new InspectionException(
                $"there is no window {window} in the recording, which has {probabilities.shape[0]}, numbered from 0."
            );
        using var scope = NewDisposeScope();
        return probabilities[window, head].to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }

    private static void RefuseTooMuch(BertForQuestionAnswering model, BertInput input, int[] chosen, Point[] points)
    {
        var weight = model.parameters().First();
        if (weight.device_type != DeviceType.CPU || (input.InputIds ?? input.InputsEmbeds)?.shape is not [var windows, var length, ..])
            return; // a device's own allocator tells; a misshapen input is told by the forward pass
        var needed = windows * RecordingPlan.Bytes(model.Config, points, length, weight.ElementSize);
        MemoryBudget.Refuse(
            needed,
            $"the attention of {Wording.Count(chosen.Length, "layer")} over {windows} x {length} tokens",
            "Ask for fewer layers (--layers), one window at a time (--window), or shorter ones (--max-length)."
        );
    }

    private int Recorded(int layer) =>
        Layers.Contains(layer)
            ? layer
            : throw new InspectionException($"layer {layer} is not in the recording, which has {string.Join(", ", Layers)}.");

    /// <summary>Frees the tensors.</summary>
    public void Dispose() => context.Dispose();
}
