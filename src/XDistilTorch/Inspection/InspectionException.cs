namespace XDistilTorch.Inspection;

/// <summary>What is to be looked at is not there: a layer, a head, a token, a span, a window.</summary>
public sealed class InspectionException : XDistilException
{
    /// <summary>Creates the exception.</summary>
    public InspectionException(string message, Exception? inner = null)
        : base(message, inner) { }
}
