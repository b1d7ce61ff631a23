using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Causality;

/// <summary>
/// What heads and layers give over other windows: their means over all positions, and one window's own values. What <see cref="AblationKind.Mean"/> and
/// <see cref="AblationKind.Resample"/> put in.
/// </summary>
public sealed class AblationReference : IDisposable
{
    private readonly Dictionary<Point, Tensor> means = [];
    private readonly Dictionary<Point, Tensor> drawn = [];
    private readonly int drawnLength;

    /// <summary>Runs the windows once.</summary>
    /// <param name="model">The model.</param>
    /// <param name="windows">At least one.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="length">How many tokens the drawn window must have at least: those of the windows that are looked at.</param>
    /// <param name="seed">Which window is drawn.</param>
    /// <param name="cancellation">Looked at before every window.</param>
    /// <exception cref="InspectionException">There is no window, or none that is long enough.</exception>
    public AblationReference(
        BertForQuestionAnswering model,
        IReadOnlyList<InspectedWindow> windows,
        Device device,
        int length,
        int seed = 1,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(windows);
        var chosen = Draw(windows, length, seed);
        drawnLength = windows[chosen].Length;
        Point[] points =
        [
            .. Enumerable
                .Range(0, model.Config.NumHiddenLayers)
                .SelectMany(layer => (Point[])[Point.AttentionContext(layer), Point.LayerOutput(layer)]),
        ];
        var positions = 0L;
        try
        {
            for (var i = 0; i < windows.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                positions += windows[i].Length;
                Add(model, windows[i], device, points, isDrawn: i == chosen);
            }
            foreach (var mean in means.Values)
                mean.div_(positions);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private static int Draw(IReadOnlyList<InspectedWindow> windows, int length, int seed)
    {
        int[] longEnough = [.. Enumerable.Range(0, windows.Count).Where(i => windows[i].Length >= length)];
        if (longEnough.Length == 0)
            throw new InspectionException(
                windows.Count == 0
                    ? "there is no reference window to take other values from."
                    : $"no reference window has {length} tokens or more; the longest has {windows.Max(window => window.Length)}. Give longer texts."
            );
        return longEnough[new Random(seed).Next(longEnough.Length)];
    }

    private void Add(BertForQuestionAnswering model, InspectedWindow window, Device device, Point[] points, bool isDrawn)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var context = new ForwardContext().Record(points);
        model.Forward(window.ToInput(device), context);
        foreach (var point in points)
        {
            var sum = context[point].sum(PositionOf(point), keepdim: true); // [1, heads, 1, D] or [1, 1, H]
            if (means.TryGetValue(point, out var mean))
                mean.add_(sum);
            else
                means[point] = sum.DetachFromDisposeScope();
            if (isDrawn)
                drawn[point] = context[point].clone().DetachFromDisposeScope();
        }
    }

    /// <summary>The mean over all positions, [1, heads, 1, D] of a head's context vectors, [1, 1, H] of a layer's output. It belongs to the reference.</summary>
    internal Tensor Mean(Point point) => means[point];

    /// <summary>The drawn window's values at the first positions, [1, heads, S, D] or [1, S, H]; they belong to the dispose scope around.</summary>
    /// <exception cref="InspectionException">It has fewer positions.</exception>
    internal Tensor Drawn(Point point, long length) =>
        length <= drawnLength
            ? drawn[point].narrow(PositionOf(point), 0, length)
            : throw new InspectionException(
                $"the window has {length} tokens, the reference window that was drawn {drawnLength}; expected at least as many."
            );

    internal static int PositionOf(Point point) => point.Kind == PointKind.AttentionContext ? 2 : 1;

    /// <summary>Frees the values.</summary>
    public void Dispose()
    {
        foreach (var tensor in means.Values.Concat(drawn.Values))
            tensor.Dispose();
    }
}
