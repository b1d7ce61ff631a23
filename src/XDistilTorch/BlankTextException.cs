namespace XDistilTorch;

/// <summary>A question or a text in which there is nothing to read: nothing at all, white space, or characters without width.</summary>
public sealed class BlankTextException : DataException
{
    /// <summary>Creates the exception.</summary>
    public BlankTextException(string message, bool isQuestion)
        : base(message) => IsQuestion = isQuestion;

    /// <summary>Whether it is the question; else it is the text.</summary>
    public bool IsQuestion { get; }
}
