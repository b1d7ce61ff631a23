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
    private readonly BertForQuestionAnswering model;
    private readonly Arithmetic arithmetic;
    private readonly bool wide;
    private readonly int workerCount;
    private readonly Action<string>? notice;
    private readonly EagerEngine eager;
    private readonly ReaderWriterLockSlim gate = new();
    private readonly HashSet<string> said = [];
    private EngineWorkers? workers;
    private Snapshot? snapshot;
    private WatchedTree? watched;
    private bool disposed;

    /// <summary>Makes the engine; the model is packed at the first run.</summary>
    /// <param name="model">The model, fp32 on the CPU; stays the caller's.</param>
    /// <param name="quantized">Whether its matrices are taken as int8.</param>
    /// <param name="workers">How many threads compute; null: one for each core.</param>
    /// <param name="notice">Is told, once each, when the model has to be packed anew or cannot be packed.</param>
    public SnapshotEngine(BertForQuestionAnswering model, bool quantized = false, int? workers = null, Action<string>? notice = null)
        : this(model, quantized ? Int8Support.Arithmetic : Arithmetic.Floats, workers, notice, wide: true) { }

    internal SnapshotEngine(BertForQuestionAnswering model, Arithmetic arithmetic, int? workers, Action<string>? notice, bool wide)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (workers is { } asked)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(asked, nameof(workers));
        (this.model, this.arithmetic, this.notice, this.wide) = (model, arithmetic, notice, wide);
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
            if (TryCompute(windows, cancellation) is { } logits)
                return logits;
            if (Renew() is { } obstacle)
                return RunEagerly(windows, obstacle, cancellation);
        }
    }

    // Null where there is no snapshot of the model as it is.
    private WindowLogits[]? TryCompute(IReadOnlyList<TokenWindow> windows, CancellationToken cancellation)
    {
        gate.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return watched is not null && watched.IsAsItWas() ? workers!.Compute(windows, snapshot!, cancellation) : null;
        }
        finally
        {
            gate.ExitReadLock();
        }
    }

    private IReadOnlyList<WindowLogits> RunEagerly(IReadOnlyList<TokenWindow> windows, string obstacle, CancellationToken cancellation)
    {
        Say($"{obstacle}: the module tree is run itself, which is slower.");
        return eager.Run(windows, cancellation);
    }

    // Takes a snapshot of the model as it is; says why not where that cannot be. Nobody computes meanwhile: the old one can go.
    private string? Renew()
    {
        gate.EnterWriteLock();
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (watched is not null && watched.IsAsItWas())
                return null; // another caller was faster
            var now = new WatchedTree(model);
            if (watched is not null)
                Say("the model's weights were changed: it is packed anew.");
            Forget();
            watched = now;
            snapshot = SnapshotMaker.Make(now.Parts.Numbers(), model.Config, arithmetic, wide);
            if (workers?.Shape != snapshot.Shape)
            {
                workers?.Dispose();
                workers = new EngineWorkers(workerCount, snapshot.Shape);
            }
            return null;
        }
        catch (NotPackableException e)
        {
            return e.Message;
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }

    private void Forget()
    {
        snapshot?.Dispose();
        watched?.Dispose();
        (snapshot, watched) = (null, null);
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
