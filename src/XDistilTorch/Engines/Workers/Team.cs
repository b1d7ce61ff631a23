namespace XDistilTorch.Engines.Workers;

/// <summary>Some workers that compute one pack together, and where they wait for one another.</summary>
internal sealed class Team(int size)
{
    private int arrived,
        round;
    private volatile bool broken;

    /// <summary>How many members.</summary>
    public int Size { get; } = size;

    /// <summary>Returns when all members are here. They meet every few milliseconds at most, so they wait awake.</summary>
    /// <exception cref="TeamBrokenException">A member has failed and will not come.</exception>
    public void Meet()
    {
        if (Size == 1)
            return;
        var now = Volatile.Read(ref round);
        if (Interlocked.Increment(ref arrived) == Size)
        {
            arrived = 0;
            Volatile.Write(ref round, now + 1);
            return;
        }
        var wait = new SpinWait();
        while (Volatile.Read(ref round) == now)
        {
            if (broken)
                throw new TeamBrokenException();
            wait.SpinOnce(sleep1Threshold: -1); // gives the core away where it is wanted, but does not sleep for a millisecond
        }
    }

    /// <summary>Called by a member that fails: the others must not wait for it.</summary>
    public void Break() => broken = true;
}

/// <summary>Another member of the team has failed; that member's exception is the one that counts.</summary>
internal sealed class TeamBrokenException : Exception;
