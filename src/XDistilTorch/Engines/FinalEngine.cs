using XDistilTorch.Engines.Packed;
using XDistilTorch.Engines.Workers;
using XDistilTorch.Modeling;
using XDistilTorch.Windows;

namespace XDistilTorch.Engines;

/// <summary>An engine over packed weights whose model is gone: nothing to look at before a run, and no weights held twice.</summary>
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

    /// <summary>Packs a model and disposes of it, layer by layer. Null where it cannot be packed: it is as it was then. After an exception while it is packed, it is of no use any more.</summary>
    /// <param name="model">The model, fp32 on the CPU.</param>
    /// <param name="quantized">Whether its matrices are taken as int8.</param>
    /// <param name="workers">How many threads compute; null: one for each core.</param>
    public static FinalEngine? TakeOver(BertForQuestionAnswering model, bool quantized, int? workers)
    {
        var count = workers ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(workers));
        TreeParts parts;
        try
        {
            parts = TreeReader.Read(model);
        }
        catch (NotPackableException)
        {
            return null;
        }
        var snapshot = SnapshotMaker.Make(
            parts,
            model.Config,
            quantized ? Int8Support.Arithmetic : Arithmetic.Floats,
            taken: layer =>
            {
                foreach (var linear in layer.Linears())
                {
                    linear.weight?.Dispose(); // disposing of the module would leave them to the garbage collector
                    linear.bias?.Dispose();
                }
            }
        );
        model.Dispose();
        return new FinalEngine(model.Config, snapshot, count);
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
