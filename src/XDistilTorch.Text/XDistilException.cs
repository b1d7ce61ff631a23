namespace XDistilTorch;

/// <summary>
/// A fault in what was given to XDistilTorch: a file, a text, a setting, a device. The message names the place, what was found,
/// what was expected and the remedy. Each door has its own subtype; misuse of the API throws the standard <see cref="ArgumentException"/>s.
/// </summary>
public class XDistilException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Place, finding, expectation and remedy.</param>
    /// <param name="inner">What the system said, where there is such a thing.</param>
    public XDistilException(string message, Exception? inner = null)
        : base(message, inner) { }
}
