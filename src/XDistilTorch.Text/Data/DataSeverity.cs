namespace XDistilTorch.Data;

/// <summary>How bad a fault in a data file is.</summary>
public enum DataSeverity
{
    /// <summary>The row can be used; something about it should be known.</summary>
    Warning,

    /// <summary>The row cannot be used, and a file that is judged as a whole is refused.</summary>
    Error,
}
