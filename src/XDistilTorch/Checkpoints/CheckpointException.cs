namespace XDistilTorch.Checkpoints;

/// <summary>
/// A file of weights that cannot be read, written or fitted to a module. The message names the file, the place in it, what was found,
/// what was expected and, where there is one, the remedy; several faults are collected in one message.
/// </summary>
public sealed class CheckpointException : XDistilException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">File, place, finding, expectation and remedy.</param>
    /// <param name="inner">What the system said, where there is such a thing.</param>
    public CheckpointException(string message, Exception? inner = null)
        : base(message, inner) { }
}
