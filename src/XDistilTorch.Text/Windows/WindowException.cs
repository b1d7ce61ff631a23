namespace XDistilTorch.Windows;

/// <summary>A question leaves no room for a context that has to be cut; the message says how long the question is and how long it may be.</summary>
public sealed class WindowException : XDistilException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Finding, expectation and remedy.</param>
    /// <param name="questionLength">How long the question is, in tokens.</param>
    /// <param name="longestQuestion">How long it may be with these options, in tokens.</param>
    public WindowException(string message, int questionLength, int longestQuestion)
        : base(message)
    {
        QuestionLength = questionLength;
        LongestQuestion = longestQuestion;
    }

    /// <summary>How long the question is, in tokens without special ones.</summary>
    public int QuestionLength { get; }

    /// <summary>How long a question may be with these options before a context that has to be cut; negative if none may.</summary>
    public int LongestQuestion { get; }
}
