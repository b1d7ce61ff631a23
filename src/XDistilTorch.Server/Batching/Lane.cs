using XDistilTorch.Engines;
using XDistilTorch.Windows;

namespace XDistilTorch.Server.Batching;

/// <summary>
/// Work in the order in which it came, and threads that carry it to the engine. What waits together and is too little for a pass of its own goes together.
/// </summary>
internal sealed class Lane : IDisposable
{
    private readonly object gate = new();
    private readonly LinkedList<WindowWork> waiting = new();
    private readonly IWindowEngine engine;
    private readonly BatchSize batch;
    private readonly Action<int> ran;
    private readonly Thread[] runners;
    private bool disposed;

    /// <param name="name">Of its threads.</param>
    /// <param name="engine">Computes; any number of threads may ask it at once.</param>
    /// <param name="runners">How many passes may be under way at once.</param>
    /// <param name="batch">How much goes together.</param>
    /// <param name="ran">Is told how many requests each pass was for.</param>
    public Lane(string name, IWindowEngine engine, int runners, BatchSize batch, Action<int> ran)
    {
        (this.engine, this.batch, this.ran) = (engine, batch, ran);
        this.runners = new Thread[runners];
        for (var i = 0; i < runners; i++)
        {
            this.runners[i] = new Thread(Serve) { IsBackground = true, Name = $"xdistil {name} {i}" };
            this.runners[i].Start();
        }
    }

    /// <summary>How many requests wait for the engine.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
                return waiting.Count;
        }
    }

    /// <summary>Computes the work, after what came before it.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: at once while it waits; afterwards the engine is told.</exception>
    public async Task<IReadOnlyList<WindowLogits>> RunAsync(WindowWork work)
    {
        var node = new LinkedListNode<WindowWork>(work);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            waiting.AddLast(node);
            Monitor.Pulse(gate);
        }
        await using var _ = work.Cancellation.Register(() => Leave(node));
        return await work.Logits;
    }

    // Nobody waits for it any more: it takes no place and no time. In the engine with others it is computed, and nobody reads it.
    private void Leave(LinkedListNode<WindowWork> node)
    {
        lock (gate)
            if (node.List is not null)
                waiting.Remove(node);
        node.Value.Cancel();
    }

    private void Serve()
    {
        while (Take() is { } together)
            Run(together);
    }

    private List<WindowWork>? Take()
    {
        lock (gate)
        {
            while (waiting.Count == 0)
            {
                if (disposed)
                    return null;
                Monitor.Wait(gate);
            }
            List<WindowWork> together = [];
            var tokens = 0;
            do
            {
                var work = waiting.First!.Value;
                waiting.RemoveFirst();
                together.Add(work);
                tokens += work.Tokens;
            } while (tokens < batch.Enough && waiting.First is { Value: var next } && tokens + next.Tokens <= batch.Most);
            return together;
        }
    }

    private void Run(List<WindowWork> together)
    {
        ran(together.Count);
        foreach (var work in together)
            work.Begin();
        try
        {
            if (together is [var alone])
            {
                alone.Complete(engine.Run(alone.Windows, alone.Cancellation));
                return;
            }
            List<TokenWindow> windows = [.. together.SelectMany(work => work.Windows)];
            var logits = engine.Run(windows, CancellationToken.None);
            var first = 0;
            foreach (var work in together)
            {
                work.Complete([.. Enumerable.Range(first, work.Windows.Count).Select(i => logits[i])]);
                first += work.Windows.Count;
            }
        }
        catch (OperationCanceledException)
        {
            together[0].Cancel();
        }
        catch (Exception e) // theirs to tell, or ours: whoever waits gets it
        {
            foreach (var work in together)
                work.Fail(e);
        }
    }

    /// <summary>Computes what waits, then ends the threads.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            Monitor.PulseAll(gate);
        }
        foreach (var runner in runners)
            runner.Join();
    }
}
