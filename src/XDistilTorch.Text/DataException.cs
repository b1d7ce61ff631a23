namespace XDistilTorch;

/// <summary>A question, a text or a data file that cannot be used as it is.</summary>
public class DataException : XDistilException
{
    /// <summary>Creates the exception.</summary>
    public DataException(string message, Exception? inner = null)
        : base(message, inner) { }
}
