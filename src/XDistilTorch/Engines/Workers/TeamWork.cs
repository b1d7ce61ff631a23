using XDistilTorch.Engines.Packed;

namespace XDistilTorch.Engines.Workers;

/// <summary>One pack under computation, by one worker or several.</summary>
internal sealed class TeamWork(PackRun run, Pack pack, PackMemory memory, int members)
{
    private readonly Team team = new(members);
    private Exception? failure;
    private int present = members;

    public PackRun Run { get; } = run;

    /// <summary>What the first member to fail failed of; to be read when all have left.</summary>
    public Exception? Failure => failure;

    /// <summary>Computes one member's share.</summary>
    public void Compute(int member, WorkerMemory own)
    {
        try
        {
            Run.Snapshot.Compute(pack, memory, own, team, member, Run.Cancellation);
        }
#pragma warning disable CA1031 // handed to the run's caller
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (e is not TeamBrokenException)
                Interlocked.CompareExchange(ref failure, e, null);
            team.Break();
        }
        finally
        {
            Interlocked.Decrement(ref present);
        }
    }

    /// <summary>Waits until nobody uses the pack's memory, and takes the logits from it.</summary>
    public void Finish()
    {
        var wait = new SpinWait();
        while (Volatile.Read(ref present) > 0)
            wait.SpinOnce(sleep1Threshold: -1);
        if (failure is null)
            TakeLogits();
    }

    private unsafe void TakeLogits()
    {
        for (var window = 0; window < pack.Count; window++)
        {
            int start = pack.Start(window),
                length = pack.Start(window + 1) - start;
            float[] starts = new float[length],
                ends = new float[length];
            for (var i = 0; i < length; i++)
                (starts[i], ends[i]) = (memory.Logits[2 * (start + i)], memory.Logits[2 * (start + i) + 1]);
            Run.Results[pack.Number(window)] = new WindowLogits(starts, ends);
        }
    }
}
