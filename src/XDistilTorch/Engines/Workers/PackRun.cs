using System.Runtime.ExceptionServices;
using XDistilTorch.Engines.Packed;

namespace XDistilTorch.Engines.Workers;

/// <summary>One caller's packs on their way through the workers. All members but <see cref="Results"/> are guarded by the workers' lock.</summary>
internal sealed class PackRun(List<Pack> packs, Snapshot snapshot, WindowLogits[] results, bool urgent, CancellationToken cancellation)
{
    private int taken,
        computing;

    public Snapshot Snapshot { get; } = snapshot;

    /// <summary>One entry a window; each pack writes its own.</summary>
    public WindowLogits[] Results { get; } = results;

    /// <summary>Whether somebody waits for few windows: such a run goes ahead of bulk.</summary>
    public bool Urgent { get; } = urgent;

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>What ended the run before its time; the first of several.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    public bool HasMore => Failure is null && taken < packs.Count;

    public bool IsOver => computing == 0 && !HasMore;

    public Pack Take()
    {
        computing++;
        return packs[taken++];
    }

    public void Return() => computing--;

    public void Fail(Exception cause)
    {
        if (!IsOver) // a run that is complete stays so, though its caller may have cancelled meanwhile
            Failure ??= ExceptionDispatchInfo.Capture(cause);
    }
}
