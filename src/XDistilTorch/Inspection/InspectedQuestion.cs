using XDistilTorch.Engines;

namespace XDistilTorch.Inspection;

/// <summary>A question over a text as the model sees it: its windows, their logits, and the answer bound to the tokens that it comes from.</summary>
public sealed class InspectedQuestion
{
    private InspectedQuestion(Answer answer, IReadOnlyList<InspectedWindow> windows, IReadOnlyList<WindowLogits> logits)
    {
        (Answer, Windows, Logits) = (answer, windows, logits);
        if (answer.HasAnswer)
            AnswerWindow = answer.Answers[0].Window;
    }

    /// <summary>Answers a question and keeps what led to the answer.</summary>
    /// <param name="answerer">The model.</param>
    /// <param name="question">The question.</param>
    /// <param name="context">The text.</param>
    /// <param name="options">Decoder, windows and thresholds; null takes the defaults.</param>
    /// <param name="cancellation">Looked at before every batch of windows.</param>
    /// <exception cref="XDistilException">The question or the text is blank, or too long for a window.</exception>
    public static InspectedQuestion Of(
        QuestionAnswerer answerer,
        string question,
        string context,
        AnswerOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(answerer);
        var settings = answerer.Settle(options ?? new AnswerOptions());
        var windows = new QuestionWindows(answerer.Tokenizer, settings.Windows).Of(new QuestionInput(question, context));
        var logits = answerer.Engine.Run(windows, cancellation);
        var decoded = new AnswerDecoder(settings, answerer.Tokenizer.ClsId).Decode(
            question,
            null,
            new AnswerBuilder(context),
            context,
            windows,
            logits
        );
        return new InspectedQuestion(
            decoded.Answer,
            [.. windows.Select(window => new InspectedWindow(window, question, context, answerer.Tokenizer.Vocabulary))],
            logits
        );
    }

    /// <summary>The answer, "no answer" included.</summary>
    public Answer Answer { get; }

    /// <summary>All windows.</summary>
    public IReadOnlyList<InspectedWindow> Windows { get; }

    /// <summary>The logits of each.</summary>
    public IReadOnlyList<WindowLogits> Logits { get; }

    /// <summary>The number of the window that the answer comes from; null for no answer.</summary>
    public int? AnswerWindow { get; }

    /// <summary>
    /// The window in which the decision falls: the answer's; for no answer that of the best span, which was held against it; where there is no span, the one that speaks least for no
    /// answer.
    /// </summary>
    public int DecidingWindow =>
        AnswerWindow
        ?? (
            Answer.Answers is [var best, ..]
                ? best.Window
                : Windows.MinBy(window => LogitTarget.Null.Of(Logits[window.Tokens.Index]))!.Tokens.Index
        );

    /// <summary>The window to look at: the one asked for, else the answer's, else the only one.</summary>
    /// <param name="number">Its number from 0; null: not asked for.</param>
    /// <exception cref="InspectionException">There is no such window, or there are several and no answer chooses one.</exception>
    public InspectedWindow Choose(int? number = null)
    {
        if (number is { } asked && (asked < 0 || asked >= Windows.Count))
            throw new InspectionException($"there is no window {asked}; the text has {Windows.Count}, numbered from 0.");
        if ((number ?? AnswerWindow) is { } chosen)
            return Windows[chosen];
        return Windows.Count == 1
            ? Windows[0]
            : throw new InspectionException(
                $"the text has {Windows.Count} windows and no answer that would choose one. Choose one, 0 to {Windows.Count - 1} (--window), or a span to look at (--target)."
            );
    }

    /// <summary>The tokens of a stretch of the context in a window.</summary>
    /// <param name="window">The window.</param>
    /// <param name="span">In UTF-16 units of the context.</param>
    /// <exception cref="InspectionException">The window does not hold all of it.</exception>
    public TokenSpan Locate(InspectedWindow window, TextSpan span)
    {
        ArgumentNullException.ThrowIfNull(window);
        if (window.Find(span) is { } found)
            return found;
        var holding = Windows.Where(other => other.Find(span) is not null).Select(other => other.Tokens.Index).ToList();
        throw new InspectionException(
            $"window {window.Tokens.Index} does not hold \"{span.Of(window.Context)}\""
                + (holding.Count > 0 ? $"; window {string.Join(" and ", holding)} does." : ", nor does any other as a whole.")
        );
    }

    /// <summary>The tokens of the answer in its window; null for no answer.</summary>
    public TokenSpan? AnswerTokens =>
        AnswerWindow is { } number ? Windows[number].Find(new TextSpan(Answer.StartUtf16!.Value, Answer.EndUtf16!.Value)) : null;
}
