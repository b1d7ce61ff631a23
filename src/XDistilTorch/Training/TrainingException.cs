namespace XDistilTorch.Training;

/// <summary>Training cannot go on, or cannot begin.</summary>
public sealed class TrainingException : XDistilException
{
    /// <summary>Creates the exception.</summary>
    public TrainingException(string message, Exception? inner = null)
        : base(message, inner) { }

    /// <summary>Which questions it is about, by their numbers in the training set, from 0; empty where it is about none.</summary>
    public IReadOnlyList<int> Rows { get; init; } = [];
}
