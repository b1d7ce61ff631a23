namespace XDistilTorch.Pruning;

/// <summary>What is to be pruned is not there, nothing would be left, or the smaller model cannot be written.</summary>
public sealed class PruningException : XDistilException
{
    /// <summary>Creates the exception.</summary>
    public PruningException(string message, Exception? inner = null)
        : base(message, inner) { }
}
