namespace XDistilTorch.Native;

/// <summary>A device that is unknown or not to be had on this machine.</summary>
public sealed class DeviceException : XDistilException
{
    /// <summary>Creates the exception.</summary>
    public DeviceException(string message, Exception? inner = null)
        : base(message, inner) { }
}
