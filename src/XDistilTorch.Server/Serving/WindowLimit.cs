using System.Globalization;

namespace XDistilTorch.Server.Serving;

/// <summary>How many windows a request may have. A large overlap makes a window of every few tokens, so that a short request may have a million.</summary>
internal static class WindowLimit
{
    /// <exception cref="ProblemException">There would be more.</exception>
    public static void Check(int windows, ServingLimits limits, AnswerSettings settings)
    {
        if (windows > limits.Windows)
            throw new ProblemException(
                Problem.TooLarge(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the request needs more than {limits.Windows:N0} windows of {settings.MaxLength} tokens. Send fewer questions, or parts of the text, or let windows share less."
                    )
                )
            );
    }

    /// <summary>The same for one question.</summary>
    /// <exception cref="ProblemException">There would be more.</exception>
    /// <exception cref="XDistilException">The question cannot be asked.</exception>
    public static void Check(QuestionAnswerer answerer, QuestionInput question, AnswerOptions options, ServingLimits limits)
    {
        var settings = answerer.Settle(options);
        Check(new QuestionWindows(answerer.Tokenizer, settings.Windows).Count(question), limits, settings);
    }
}
