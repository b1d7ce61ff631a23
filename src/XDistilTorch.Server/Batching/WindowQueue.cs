using XDistilTorch.Engines;
using XDistilTorch.Server.Observing;

namespace XDistilTorch.Server.Batching;

/// <summary>
/// Brings the windows of all requests to one model's engine: two lanes, so that a question does not stand behind a thousand others of one request. The engine lets the first lane's
/// passes overtake those of the second.
/// </summary>
internal sealed class WindowQueue : IDisposable
{
    // As the engine has it: who asks for as few windows waits for them.
    private const int MostUrgentWindows = 16;

    // The second is ready when the first ends.
    private const int BulkAtOnce = 2;

    private readonly Lane urgent,
        bulk;

    /// <param name="answerer">The model; stays the caller's.</param>
    /// <param name="workers">How many passes the engine computes at a time.</param>
    /// <param name="metrics">Is told of each pass.</param>
    public WindowQueue(QuestionAnswerer answerer, int workers, ServerMetrics metrics)
    {
        var kind = answerer.EngineChoice.Kind;
        // One more than there are cores: its windows are there when a core gets free.
        urgent = new Lane("urgent", answerer.Engine, kind == EngineKind.Eager ? 1 : workers + 1, BatchSize.For(kind), metrics.Ran);
        bulk = new Lane("bulk", answerer.Engine, kind == EngineKind.Eager ? 1 : BulkAtOnce, BatchSize.Alone, metrics.Ran);
    }

    /// <summary>How many requests wait for the engine.</summary>
    public int Waiting => urgent.Waiting + bulk.Waiting;

    /// <inheritdoc cref="Lane.RunAsync"/>
    public Task<IReadOnlyList<WindowLogits>> RunAsync(WindowWork work) =>
        (work.Windows.Count <= MostUrgentWindows ? urgent : bulk).RunAsync(work);

    /// <summary>Computes what waits, then ends the threads.</summary>
    public void Dispose()
    {
        urgent.Dispose();
        bulk.Dispose();
    }
}
