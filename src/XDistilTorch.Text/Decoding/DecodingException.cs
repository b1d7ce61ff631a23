namespace XDistilTorch.Decoding;

/// <summary>Logits that no answer can be read from: not a number, infinite, or so large that their sum is.</summary>
public sealed class DecodingException : XDistilException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Window, token, finding and remedy.</param>
    /// <param name="inner">What the system said, where there is such a thing.</param>
    public DecodingException(string message, Exception? inner = null)
        : base(message, inner) { }
}
