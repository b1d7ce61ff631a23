namespace XDistilTorch.Tokenization;

/// <summary>A tokenizer's files or vocabulary cannot be used; the message names the file and the place in it, what was found, what was expected and the remedy.</summary>
public sealed class TokenizerException : XDistilException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Place, finding, expectation and remedy.</param>
    /// <param name="inner">What the system said, where there is such a thing.</param>
    public TokenizerException(string message, Exception? inner = null)
        : base(message, inner) { }
}
