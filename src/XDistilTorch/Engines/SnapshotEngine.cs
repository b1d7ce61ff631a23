using XDistilTorch.Engines.Packed;
using XDistilTorch.Engines.Workers;
using XDistilTorch.Modeling;
using XDistilTorch.Windows;
using static TorchSharp.torch;

namespace XDistilTorch.Engines;

/// <summary>
/// Computes from a snapshot of the model's weights by kernels of our own, one window per core. The logits of a window are the same, bit for bit, whatever is computed
/// beside it and by however many workers. The model is looked at before every run: after an edit of its weights it is packed anew, and as long as a part is replaced,
/// hooked or in training mode the module tree itself is run.
/// </summary>
public sealed class SnapshotEngine : IWindowEngine, IDisposable
{
    // Who asks for as few windows waits for them; more are bulk.
    private const int MostUrgentWindows = 16;

    private readonly BertForQuestionAnswering model;
    private readonly bool quantized,
        wide;
    private readonly int workerCount;
    private readonly Action<string>? notice;
    private readonly EagerEngine eager;
    private readonly ReaderWriterLockSlim gate = new();
    private readonly HashSet<string> said = [];
    private EngineWorkers? workers;
    private Snapshot? snapshot;
    private TreeState? state;
    private HeldParameters? held;
    private bool disposed;

    /// <summary>Makes the engine; the model is packed at the first run.</summary>
    /// <param name="model">The model, fp32 on the CPU; stays the caller's.</param>
    /// <param name="quantized">Whether its matrices are taken as int8.</param>
    /// <param name="workers">How many threads compute; null: one for each core.</param>
    /// <param name="notice">Is told, once each, when the model has to be packed anew or cannot be packed.</param>
    public SnapshotEngine(BertForQuestionAnswering model, bool quantized = false, int? workers = null, Action<string>? notice = null)
        : this(model, quantized, workers, notice, wide: true) { }

    internal SnapshotEngine(BertForQuestionAnswering model, bool quantized, int? workers, Action<string>? notice, bool wide)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (workers is { } asked)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(asked, nameof(workers));
        (this.model, this.quantized, this.notice, this.wide) = (model, quantized, notice, wide);
        workerCount = workers ?? Environment.ProcessorCount;
        eager = new EagerEngine(model, CPU);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A window does not fit the model: longer than its positions, or an id that its tables do not have.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed of.</exception>
    public IReadOnlyList<WindowLogits> Run(IReadOnlyList<TokenWindow> windows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(windows);
        WindowCheck.Check(windows, model.Config);
        cancellation.ThrowIfCancellationRequested();
        if (windows.Count == 0)
            return [];
        while (true)
        {
            if (TryCompute(windows, cancellation, out var obstacle) is { } logits)
                return logits;
            if (obstacle is not null)
                return RunEagerly(windows, obstacle, cancellation);
            Renew();
        }
    }

    // Null where the model cannot be packed, which is said, or has to be packed first.
    private WindowLogits[]? TryCompute(IReadOnlyList<TokenWindow> windows, CancellationToken cancellation, out string? obstacle)
    {
        gate.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var now = Look(out obstacle);
            return snapshot is not null && state!.Equals(now) ? Compute(windows, snapshot, workers!, cancellation) : null;
        }
        finally
        {
            gate.ExitReadLock();
        }
    }

    private TreeState? Look(out string? obstacle)
    {
        try
        {
            obstacle = null;
            return TreeState.Of(TreeReader.Read(model));
        }
        catch (NotPackableException e)
        {
            obstacle = e.Message;
            return null;
        }
    }

    private IReadOnlyList<WindowLogits> RunEagerly(IReadOnlyList<TokenWindow> windows, string obstacle, CancellationToken cancellation)
    {
        Say($"{obstacle}: the module tree is run itself, which is slower.");
        return eager.Run(windows, cancellation);
    }

    private static WindowLogits[] Compute(
        IReadOnlyList<TokenWindow> windows,
        Snapshot snapshot,
        EngineWorkers workers,
        CancellationToken cancellation
    )
    {
        var results = new WindowLogits[windows.Count];
        // The longest first, so that no worker is left alone with a long one at the end.
        List<Pack> packs = [.. Pack.Cut(windows, snapshot.Shape.PackRows).OrderByDescending(pack => pack.Rows)];
        workers.Compute(new PackRun(packs, snapshot, results, windows.Count <= MostUrgentWindows, cancellation));
        return results;
    }

    // Nobody computes meanwhile: the old snapshot can go.
    private void Renew()
    {
        gate.EnterWriteLock();
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var parts = TreeReader.Read(model);
            var now = TreeState.Of(parts);
            if (now.Equals(state))
                return; // another caller was faster
            if (snapshot is not null)
                Say("the model's weights were changed: it is packed anew.");
            Forget();
            snapshot = SnapshotMaker.Make(parts, model.Config, quantized, wide);
            (state, held) = (now, new HeldParameters(parts));
            if (workers?.Shape != snapshot.Shape)
            {
                workers?.Dispose();
                workers = new EngineWorkers(workerCount, snapshot.Shape);
            }
        }
        catch (NotPackableException)
        {
            // Changed between two looks; the next one says what it is.
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }

    private void Forget()
    {
        snapshot?.Dispose();
        held?.Dispose();
        (snapshot, state, held) = (null, null, null);
    }

    private void Say(string message)
    {
        if (notice is null)
            return;
        lock (said)
            if (!said.Add(message))
                return;
        notice(message);
    }

    /// <summary>Waits for runs under way, ends the workers and frees the snapshot.</summary>
    public void Dispose()
    {
        gate.EnterWriteLock();
        try
        {
            if (disposed)
                return;
            disposed = true;
            workers?.Dispose();
            Forget();
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }
}
