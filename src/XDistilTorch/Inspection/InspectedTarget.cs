namespace XDistilTorch.Inspection;

/// <summary>What is looked at: a window and a span of its context, or [CLS] for the decision that there is no answer.</summary>
/// <param name="Window">The window.</param>
/// <param name="Span">The span's tokens; null: no answer.</param>
public sealed record InspectedTarget(InspectedWindow Window, TokenSpan? Span)
{
    /// <summary>The span's tokens, or [CLS].</summary>
    public TokenSpan Tokens => Span ?? new TokenSpan(0, 0);

    /// <summary>The group that <see cref="Tokens"/> are.</summary>
    public TokenGroup Group => Span is null ? TokenGroup.Cls : TokenGroup.Answer;

    /// <summary>The span as it stands in the text, widened to whole tokens; null: no answer.</summary>
    public string? Text => Place?.Of(Window.Context);

    /// <summary>Its place in the context in UTF-16 units; null: no answer.</summary>
    public TextSpan? Place => Span is { } tokens ? Window.Covered(tokens) : null;

    /// <summary>Finds what is to be looked at.</summary>
    /// <param name="question">The question with its windows and its answer.</param>
    /// <param name="named">A span by name (<see cref="SpanReference"/>); null: the model's answer.</param>
    /// <param name="window">The window's number; null: the answer's, or of those that hold the named span the one that scores it best.</param>
    /// <exception cref="InspectionException">The span is not there, no such window, or several and nothing that chooses one.</exception>
    public static InspectedTarget Of(InspectedQuestion question, string? named = null, int? window = null)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (Wanted(question, named) is not { } span)
            return new InspectedTarget(question.Choose(window), null);
        var chosen = window is null && named is not null ? Best(question, span) : question.Choose(window);
        return new InspectedTarget(chosen, question.Locate(chosen, span));
    }

    private static TextSpan? Wanted(InspectedQuestion question, string? named)
    {
        if (named is not null)
            return SpanReference.Find(named, question.Windows[0].Context);
        return question.Answer.HasAnswer ? new TextSpan(question.Answer.StartUtf16!.Value, question.Answer.EndUtf16!.Value) : null;
    }

    // Where no window holds it, the first does for the message that says so.
    private static InspectedWindow Best(InspectedQuestion question, TextSpan span) =>
        question
            .Windows.Zip(question.Logits)
            .Select(each => (Window: each.First, Tokens: each.First.Find(span), Logits: each.Second))
            .Where(each => each.Tokens is not null)
            .OrderByDescending(each => LogitTarget.Span(each.Tokens!.Value).Of(each.Logits))
            .Select(each => each.Window)
            .FirstOrDefault(question.Windows[0]);
}
