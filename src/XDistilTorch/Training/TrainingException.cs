namespace XDistilTorch.Training;

/// <summary>Training cannot go on, or cannot begin.</summary>
public sealed class TrainingException : XDistilException
{
    /// <summary>Creates the exception.</summary>
    public TrainingException(string message, Exception? inner = null)
        : base(message, inner) { }
}
