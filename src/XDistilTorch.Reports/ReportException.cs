namespace XDistilTorch.Reports;

/// <summary>A report that cannot be written.</summary>
public sealed class ReportException : XDistilException
{
    /// <summary>Creates the exception.</summary>
    public ReportException(string message, Exception? inner = null)
        : base(message, inner) { }
}
