using XDistilTorch.Engines.Packed;
using XDistilTorch.Native;
using XDistilTorch.Windows;

namespace XDistilTorch.Engines.Workers;

/// <summary>
/// Threads that compute packs, one pack each and one thread a pack: no padding to a common length, and nobody waits for anybody. Only when a pack is the last one and
/// workers stand idle do they compute it as a team. Runs of few windows go ahead of bulk.
/// </summary>
internal sealed class EngineWorkers : IDisposable
{
    // Who asks for as few windows waits for them; more are bulk.
    private const int MostUrgentWindows = 16;

    // A share of fewer rows is not worth a meeting in every layer.
    private const int LeastRowsEach = 8;

    private readonly object gate = new();
    private readonly LinkedList<PackRun> urgent = new(),
        bulk = new();
    private readonly Queue<(TeamWork Work, int Member)> invitations = new();
    private readonly Thread[] threads;
    private int idle,
        waiting,
        running;
    private bool started,
        disposed;

    public EngineWorkers(int count, PackedShape shape)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Shape = shape;
        threads = new Thread[count];
        for (var i = 0; i < count; i++)
            threads[i] = new Thread(memory => Work(((WorkerMemory, PackMemory))memory!))
            {
                IsBackground = true,
                Name = $"xdistil worker {i}",
            };
    }

    /// <summary>What the workers' memory is made for.</summary>
    public PackedShape Shape { get; }

    /// <summary>Runs that have not ended, also those under computation.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>The logits of all windows, in their order.</summary>
    /// <inheritdoc cref="Compute(PackRun)"/>
    public WindowLogits[] Compute(IReadOnlyList<TokenWindow> windows, Snapshot snapshot, CancellationToken cancellation)
    {
        var results = new WindowLogits[windows.Count];
        // The longest first, so that no worker is left alone with a long one at the end.
        List<Pack> packs = [.. Pack.Cut(windows, snapshot.Shape.PackRows).OrderByDescending(pack => pack.Rows)];
        Compute(new PackRun(packs, snapshot, results, windows.Count <= MostUrgentWindows, cancellation));
        return results;
    }

    /// <summary>Computes all packs of a run; returns when its results are complete.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: at once where nothing was begun, else within a layer.</exception>
    /// <exception cref="ObjectDisposedException">The workers were disposed of.</exception>
    public void Compute(PackRun run)
    {
        using var _ = run.Cancellation.Register(() => Abandon(run));
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            Start();
            if (run.HasMore) // not cancelled already: its caller, and with it the snapshot, would be gone when a worker took it
                (run.Urgent ? urgent : bulk).AddLast(run);
            waiting++;
            Monitor.PulseAll(gate);
            while (!run.IsOver)
                Monitor.Wait(gate);
            waiting--;
        }
        if (run.Failure?.SourceException is OperationCanceledException)
            run.Cancellation.ThrowIfCancellationRequested();
        run.Failure?.Throw();
    }

    // The memory is taken here, where its want is the caller's exception, not the end of a thread and with it of the process.
    private void Start()
    {
        if (started)
            return;
        List<(WorkerMemory Own, PackMemory Shared)> memory = [];
        try
        {
            foreach (var _ in threads)
                memory.Add((new WorkerMemory(Shape), new PackMemory(Shape)));
        }
        catch
        {
            memory.ForEach(Free);
            throw;
        }
        started = true;
        try
        {
            for (; running < threads.Length; running++)
                threads[running].Start(memory[running]);
        }
        catch
        {
            memory[running..].ForEach(Free);
            disposed = true; // those that run already would wait for ever
            Monitor.PulseAll(gate);
            throw;
        }
    }

    private static void Free((WorkerMemory Own, PackMemory Shared) memory)
    {
        memory.Own.Dispose();
        memory.Shared.Dispose();
    }

    private void Abandon(PackRun run)
    {
        lock (gate)
        {
            run.Fail(new OperationCanceledException(run.Cancellation));
            urgent.Remove(run);
            bulk.Remove(run);
            Monitor.PulseAll(gate);
        }
    }

    private void Work((WorkerMemory Own, PackMemory Shared) memory)
    {
        if (Shape.CallsTorch)
            TensorShim.ComputeAlone(); // the workers are the cores: none of them may call on the others by way of libtorch
        while (Next(memory.Shared) is var (work, member))
        {
            work.Compute(member, memory.Own);
            if (member > 0)
                continue; // the team's first one answers for it
            work.Finish();
            Leave(work);
        }
        Free(memory);
    }

    // What this thread does next: helping a team first, for it is waited for; null when the workers are disposed of.
    private (TeamWork Work, int Member)? Next(PackMemory shared)
    {
        lock (gate)
        {
            while (true)
            {
                if (invitations.TryDequeue(out var invitation))
                    return invitation;
                if ((urgent.First ?? bulk.First) is { } first)
                    return (Begin(first, shared), 0);
                if (disposed)
                    return null;
                idle++;
                Monitor.Wait(gate);
                idle--;
            }
        }
    }

    private TeamWork Begin(LinkedListNode<PackRun> node, PackMemory shared)
    {
        var run = node.Value;
        var pack = run.Take();
        if (!run.HasMore)
            node.List!.Remove(node);
        // Everybody who waits has been passed over by all packs there are: the invitation will not be overtaken by other work.
        var free = urgent.Count + bulk.Count > 0 ? 0 : idle;
        var members = Math.Clamp(pack.Rows / LeastRowsEach, 1, 1 + free);
        var work = new TeamWork(run, pack, shared, members);
        for (var member = 1; member < members; member++)
            invitations.Enqueue((work, member));
        if (members > 1)
            Monitor.PulseAll(gate);
        return work;
    }

    private void Leave(TeamWork work)
    {
        lock (gate)
        {
            var run = work.Run;
            if (work.Failure is { } failure)
            {
                run.Fail(failure);
                urgent.Remove(run);
                bulk.Remove(run);
            }
            run.Return();
            if (run.IsOver)
                Monitor.PulseAll(gate);
        }
    }

    /// <summary>Ends the threads. Runs that are still under way are computed to their end; new ones are refused.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            Monitor.PulseAll(gate);
        }
        foreach (var thread in threads[..running])
            thread.Join();
    }
}
