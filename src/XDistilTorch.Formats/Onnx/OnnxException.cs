namespace XDistilTorch.Formats.Onnx;

/// <summary>A model that no ONNX graph can be made of, or a place where none can be written. The message names what was found, what was expected and the remedy.</summary>
public sealed class OnnxException : XDistilException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Place, finding, expectation and remedy.</param>
    /// <param name="inner">What the system said, where there is such a thing.</param>
    public OnnxException(string message, Exception? inner = null)
        : base(message, inner) { }
}
