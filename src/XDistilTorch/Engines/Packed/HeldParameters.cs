using static TorchSharp.torch;

namespace XDistilTorch.Engines.Packed;

/// <summary>
/// Keeps the storage of a model's parameters alive, so that none that comes later has the address of one that was there: address and number of writes are how a
/// change is seen.
/// </summary>
internal sealed class HeldParameters(TreeParts parts) : IDisposable
{
    private readonly Tensor[] aliases = [.. parts.Parameters().Select(parameter => parameter.detach().DetachFromDisposeScope())];

    public void Dispose()
    {
        foreach (var alias in aliases)
            alias.Dispose();
    }
}
