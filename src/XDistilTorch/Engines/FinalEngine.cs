using XDistilTorch.Engines.Packed;
using XDistilTorch.Engines.Workers;
using XDistilTorch.Modeling;
using XDistilTorch.Windows;

namespace XDistilTorch.Engines;

/// <summary>An engine over weights that were packed straight from their files: there is no module tree to look at before a run, and no weights are held twice.</summary>
internal sealed class FinalEngine : IWindowEngine, IDisposable
{
    private readonly BertConfig config;
    private readonly Snapshot snapshot;
    private readonly EngineWorkers workers;

    private FinalEngine(BertConfig config, Snapshot snapshot, int workers)
    {
        (this.config, this.snapshot) = (config, snapshot);
        this.workers = new EngineWorkers(workers, snapshot.Shape);
    }

    /// <summary>Packs a model's numbers; in fp32 libtorch is not needed, neither now nor later.</summary>
    /// <param name="numbers">The model's; not needed afterwards.</param>
    /// <param name="config">The model's.</param>
    /// <param name="quantized">Whether its matrices are taken as int8.</param>
    /// <param name="workers">How many threads compute; null: one for each core.</param>
    public static FinalEngine Make(ModelNumbers numbers, BertConfig config, bool quantized, int? workers)
    {
        var count = workers ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(workers));
        var arithmetic = quantized ? Int8Support.Arithmetic : Arithmetic.Floats;
        return new FinalEngine(config, SnapshotMaker.Make(numbers, config, arithmetic), count);
    }

    public IReadOnlyList<WindowLogits> Run(IReadOnlyList<TokenWindow> windows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(windows);
        WindowCheck.Check(windows, config);
        cancellation.ThrowIfCancellationRequested();
        return windows.Count == 0 ? [] : workers.Compute(windows, snapshot, cancellation);
    }

    public void Dispose()
    {
        workers.Dispose();
        snapshot.Dispose();
    }
}
