using static TorchSharp.torch;

namespace XDistilTorch.Modeling;

/// <summary>
/// What to look at, and what to replace, during one or more forward passes. Passed as an argument: nothing is registered in the model and nothing has to
/// be removed. A point that is only recorded leaves the logits bit for bit as they are without a context; a replaced value takes effect from there on.
/// </summary>
/// <remarks>
/// Recorded tensors belong to the context and live until it is disposed or records the point again. Attention scores and probabilities do not exist in the
/// fused forward stream: recorded, they are computed beside it; replaced, or recorded for gradients, they switch that layer to explicit attention.
/// One context serves one thread.
/// </remarks>
public sealed class ForwardContext : IDisposable
{
    private readonly Dictionary<Point, Func<Tensor, Tensor>> replacements = [];
    private readonly Dictionary<Point, Keeping> recording = [];
    private readonly Dictionary<Point, Tensor> recorded = [];
    private readonly ForwardContext? inner;
    private int layersToRun = int.MaxValue;

    /// <summary>A context that looks at nothing yet.</summary>
    public ForwardContext() { }

    /// <summary>A context that looks after another one has looked or replaced.</summary>
    internal ForwardContext(ForwardContext? inner) => this.inner = inner;

    private enum Keeping
    {
        Detached,
        InGraph,
        ForGradient,
    }

    /// <summary>Records the value at these points: a detached alias, without a copy.</summary>
    public ForwardContext Record(params IEnumerable<Point> points)
    {
        foreach (var point in points)
            recording.TryAdd(point, Keeping.Detached);
        return this;
    }

    /// <summary>Records the value at these points so that <see cref="Gradient"/> can be asked after a backward pass.</summary>
    public ForwardContext RecordForGradient(params IEnumerable<Point> points)
    {
        foreach (var point in points)
            recording[point] = Keeping.ForGradient;
        return this;
    }

    internal ForwardContext RecordInGraph(IEnumerable<Point> points)
    {
        foreach (var point in points)
            recording[point] = Keeping.InGraph;
        return this;
    }

    /// <summary>
    /// Replaces the value at a point by what <paramref name="replacement"/> makes of it, a tensor of the same shape and type (checked).
    /// A point that is also recorded records the replaced value. The value given in may be recorded elsewhere: do not change it in place. A tensor made by
    /// the function belongs to the pass; one that is to serve several passes is made outside.
    /// </summary>
    public ForwardContext Replace(Point point, Func<Tensor, Tensor> replacement)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        if (!replacements.TryAdd(point, replacement))
            throw new ArgumentException($"{point} is already replaced; combine the two functions into one.", nameof(point));
        return this;
    }

    /// <summary>The value recorded at a point in the last forward pass. It belongs to the context.</summary>
    /// <exception cref="KeyNotFoundException">The point was not asked for, or the last pass did not come by it.</exception>
    public Tensor this[Point point] =>
        recorded.TryGetValue(point, out var value)
            ? value
            : throw new KeyNotFoundException(
                recording.ContainsKey(point)
                    ? $"{point} was asked for but no forward pass came by it."
                    : $"{point} was not asked for: call Record first."
            );

    /// <summary>Whether the last forward pass recorded this point.</summary>
    public bool Has(Point point) => recorded.ContainsKey(point);

    /// <summary>The gradient at a point after a backward pass, of the shape of its value; null when the loss does not depend on it.</summary>
    /// <exception cref="InvalidOperationException">The point was not recorded for gradients.</exception>
    public Tensor? Gradient(Point point) =>
        IsForGradient(point)
            ? this[point].grad
            : throw new InvalidOperationException(
                $"{point} was not recorded for gradients: call RecordForGradient before the forward pass."
            );

    /// <summary>Whether the value at this point is wanted at all.</summary>
    internal bool Wants(Point point) => recording.ContainsKey(point) || replacements.ContainsKey(point) || inner?.Wants(point) == true;

    /// <summary>Whether this point's value must be part of the forward stream: it is replaced, or a gradient by it is asked.</summary>
    internal bool Intervenes(Point point) => replacements.ContainsKey(point) || IsForGradient(point) || inner?.Intervenes(point) == true;

    /// <summary>Whether the pass under way goes into this layer; one that only observes ends after the last layer that somebody looks at.</summary>
    internal bool Reaches(int layer) => layer < layersToRun;

    /// <summary>Forgets the last pass and refuses points that this model does not have: a mistyped layer would look like one without effect.</summary>
    /// <param name="layers">How many layers the model has.</param>
    /// <param name="observeOnly">The pass may end where this context has seen everything.</param>
    /// <exception cref="ArgumentOutOfRangeException">A point lies outside the model.</exception>
    internal void BeginPass(int layers, bool observeOnly = false)
    {
        foreach (var point in recording.Keys.Concat(replacements.Keys))
        {
            var outside = point.Kind is PointKind.Embeddings or PointKind.Logits;
            if (outside ? point.Layer != -1 : point.Layer < 0 || point.Layer >= layers)
                throw new ArgumentOutOfRangeException(
                    $"{point}: there is no such point in a model of {layers} layers, numbered from 0.",
                    (Exception?)null
                );
        }
        layersToRun = observeOnly && !Wants(Point.Logits) ? LastLayer() + 1 : int.MaxValue;
        Dispose();
    }

    private int LastLayer() => recording.Keys.Concat(replacements.Keys).Select(point => point.Layer).DefaultIfEmpty(-1).Max();

    internal Tensor Visit(Point point, Tensor value)
    {
        value = inner.At(point, value);
        if (replacements.TryGetValue(point, out var replacement))
            value = Checked(point, value, replacement(value)).alias(); // the stream gets a handle of its own: the function may give its tensor again
        return recording.TryGetValue(point, out var keeping) ? Keep(point, value, keeping) : value;
    }

    /// <summary>Gives a recorded value away: it is no longer the context's.</summary>
    internal Tensor Release(Point point) => recorded.Remove(point, out var value) ? value : throw NotShown(point);

    private static InvalidOperationException NotShown(Point point) =>
        new($"{point} was requested, but the module in its place was replaced by one that does not show it.");

    private bool IsForGradient(Point point) => recording.TryGetValue(point, out var keeping) && keeping == Keeping.ForGradient;

    private Tensor Keep(Point point, Tensor value, Keeping keeping)
    {
        if (recorded.Remove(point, out var earlier))
            earlier.Dispose();
        if (keeping == Keeping.ForGradient)
        {
            if (!value.requires_grad) // nothing trainable below: the value itself becomes the leaf
                value = value.detach().requires_grad_();
            value.retain_grad();
            recorded[point] = value.DetachFromDisposeScope();
            return value.alias(); // the recorded node stays the context's, whatever the modules dispose
        }
        recorded[point] = (keeping == Keeping.InGraph ? value.alias() : value.detach()).DetachFromDisposeScope();
        return value;
    }

    private static Tensor Checked(Point point, Tensor value, Tensor replaced)
    {
        if (replaced is null)
            throw new ArgumentException($"{point}: the replacement is null, expected a tensor.");
        if (replaced.dtype != value.dtype || !replaced.shape.AsSpan().SequenceEqual(value.shape))
            throw new ArgumentException(
                $"{point}: the replacement is {replaced.dtype} [{string.Join(", ", replaced.shape)}], expected {value.dtype} [{string.Join(", ", value.shape)}]."
            );
        return replaced;
    }

    /// <summary>Frees what was recorded.</summary>
    public void Dispose()
    {
        foreach (var value in recorded.Values)
            value.Dispose();
        recorded.Clear();
    }
}

/// <summary>How a module shows a value to a context that may be absent.</summary>
public static class ForwardContextVisit
{
    /// <summary>The value to go on with: <paramref name="x"/> itself, or what the context replaces it by. A null context costs nothing.</summary>
    public static Tensor At(this ForwardContext? context, Point point, Tensor x) => context is null ? x : context.Visit(point, x);
}
