namespace XDistilTorch.Hub;

/// <summary>
/// A model cannot be had from the hub or the cache. The message names what was asked for, what was found, and the remedy. (A type of its own: the hub's
/// part of the project knows none of the others.)
/// </summary>
public class HubException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Place, finding, expectation and remedy.</param>
    /// <param name="inner">What the system said, where there is such a thing.</param>
    public HubException(string message, Exception? inner = null)
        : base(message, inner) { }
}
