namespace XDistilTorch.Server;

/// <summary>Whether requests are answered: not while the server drains, and not after it failed. What is under way is counted, so that it can be waited for.</summary>
public sealed class ServingState
{
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object gate = new();
    private int underWay;
    private bool draining;

    /// <summary>Whether no more requests are taken.</summary>
    public bool IsDraining
    {
        get
        {
            lock (gate)
                return draining;
        }
    }

    /// <summary>How many requests are being answered.</summary>
    public int UnderWay
    {
        get
        {
            lock (gate)
                return underWay;
        }
    }

    /// <summary>What ended the server before its time; null: nothing did.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Takes no more requests; the task ends with the last of those under way.</summary>
    public Task Drain()
    {
        lock (gate)
        {
            draining = true;
            if (underWay == 0)
                drained.TrySetResult();
        }
        return drained.Task;
    }

    internal void Fail(Exception cause) => Failure ??= cause;

    /// <summary>Begins a request, which lasts until what is returned is disposed of.</summary>
    /// <exception cref="ProblemException">The server drains.</exception>
    internal IDisposable Enter()
    {
        lock (gate)
        {
            if (draining)
                throw new ProblemException(Problem.Unready("the server is about to stop. Ask another one, or this one when it is back."));
            underWay++;
        }
        return new Request(this);
    }

    private void Leave()
    {
        lock (gate)
            if (--underWay == 0 && draining)
                drained.TrySetResult();
    }

    private sealed class Request(ServingState state) : IDisposable
    {
        public void Dispose() => state.Leave();
    }
}
