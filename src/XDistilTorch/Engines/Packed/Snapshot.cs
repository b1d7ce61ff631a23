using XDistilTorch.Engines.Workers;

namespace XDistilTorch.Engines.Packed;

/// <summary>A model's numbers in the order in which an engine reads them; never changed after it was made.</summary>
internal abstract class Snapshot(PackedShape shape) : IDisposable
{
    /// <summary>The sizes that memory is made for.</summary>
    public PackedShape Shape { get; } = shape;

    /// <summary>Computes a team member's share of a pack's rows, from ids to logits.</summary>
    /// <param name="pack">The windows.</param>
    /// <param name="shared">The pack's memory.</param>
    /// <param name="own">The member's.</param>
    /// <param name="team">Who else computes this pack; the last one leaves the logits complete.</param>
    /// <param name="member">Which of them this is, from 0.</param>
    /// <param name="cancellation">Looked at before every layer.</param>
    public abstract void Compute(Pack pack, PackMemory shared, WorkerMemory own, Team team, int member, CancellationToken cancellation);

    public abstract void Dispose();
}
