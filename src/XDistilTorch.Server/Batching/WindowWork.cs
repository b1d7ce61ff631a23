using System.Diagnostics;
using XDistilTorch.Engines;
using XDistilTorch.Windows;

namespace XDistilTorch.Server.Batching;

/// <summary>The windows of one request on their way through the engine.</summary>
internal sealed class WindowWork(IReadOnlyList<TokenWindow> windows, CancellationToken cancellation)
{
    private readonly TaskCompletionSource<IReadOnlyList<WindowLogits>> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long came = Stopwatch.GetTimestamp();
    private long begun,
        ended;

    public IReadOnlyList<TokenWindow> Windows { get; } = windows;

    public int Tokens { get; } = windows.Sum(window => window.Length);

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>The logits of each window.</summary>
    public Task<IReadOnlyList<WindowLogits>> Logits => done.Task;

    /// <summary>Whether the engine has it.</summary>
    public bool HasBegun => Volatile.Read(ref begun) != 0;

    /// <summary>How long it waited for the engine.</summary>
    public TimeSpan Queued => Stopwatch.GetElapsedTime(came, begun);

    /// <summary>How long the engine took.</summary>
    public TimeSpan Computed => Stopwatch.GetElapsedTime(begun, ended);

    public void Begin() => Volatile.Write(ref begun, Stopwatch.GetTimestamp());

    public void Complete(IReadOnlyList<WindowLogits> logits)
    {
        ended = Stopwatch.GetTimestamp();
        done.TrySetResult(logits);
    }

    public void Cancel() => done.TrySetCanceled(Cancellation);

    public void Fail(Exception cause) => done.TrySetException(cause);
}
