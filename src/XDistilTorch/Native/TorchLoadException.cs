namespace XDistilTorch.Native;

/// <summary>libtorch cannot be loaded on this machine or from this folder.</summary>
public sealed class TorchLoadException : XDistilException
{
    /// <summary>Creates the exception.</summary>
    public TorchLoadException(string message, Exception? inner = null)
        : base(message, inner) { }
}
