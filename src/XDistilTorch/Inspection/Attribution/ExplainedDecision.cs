namespace XDistilTorch.Inspection.Attribution;

/// <summary>What is explained of a question: the score of an answer or of none in one window, alone or over another one.</summary>
/// <param name="Window">The window.</param>
/// <param name="For">The answer that is explained; null: no answer.</param>
/// <param name="Against">What it is measured against; null: nothing, the score alone is explained.</param>
public sealed record ExplainedDecision(InspectedWindow Window, TokenSpan? For, DecisionSide? Against)
{
    /// <summary>The number that is explained.</summary>
    public LogitTarget Target => Against is { } other ? new DecisionSide(For).Score.Minus(other.Score) : new DecisionSide(For).Score;

    /// <summary>Start and end whose probability insertion and deletion follow; <c>[CLS]</c> for no answer.</summary>
    public TokenSpan CurveSpan => For ?? new TokenSpan(0, 0);

    /// <summary>The tokens of the context.</summary>
    public IReadOnlyList<int> ContextPositions => [.. Enumerable.Range(Window.ContextTokens.First, Window.ContextTokens.Length)];

    /// <summary>The tokens of the context outside the answer, which insertion and deletion mask.</summary>
    public IReadOnlyList<int> PositionsOutside => [.. ContextPositions.Where(position => For?.Contains(position) != true)];

    /// <summary>Finds what is to be explained.</summary>
    /// <param name="question">The question, answered.</param>
    /// <param name="target">The span (<see cref="SpanReference"/>); null: the answer's. No answer is explained by how far its score is above the best span's.</param>
    /// <param name="against">Another span that the first is measured against; null: none, for no answer the best span.</param>
    /// <param name="window">The window; null: the answer's, else the one in which the spans score best.</param>
    /// <exception cref="InspectionException">A span is not in the text, at several places, or not in the window; both are the same; there is no such window.</exception>
    public static ExplainedDecision Of(InspectedQuestion question, string? target = null, string? against = null, int? window = null)
    {
        ArgumentNullException.ThrowIfNull(question);
        var context = question.Windows[0].Context;
        var first = target is null ? AnswerOf(question) : SpanReference.Find(target, context);
        var second = against is null ? null : SpanReference.Find(against, context);
        var chosen = Choose(question, [.. new[] { first, second }.OfType<TextSpan>()], window);

        TokenSpan? Tokens(TextSpan? span) => span is { } place ? question.Locate(chosen, place) : null;
        DecisionSide? other =
            against is not null ? new DecisionSide(Tokens(second))
            : first is null ? new DecisionSide(BestSpan.In(chosen, question.Logits[chosen.Tokens.Index]))
            : null;
        var decision = new ExplainedDecision(chosen, Tokens(first), other);
        if (decision.Against?.Tokens == decision.For && decision.Against is not null)
            throw new InspectionException(
                $"an answer is measured against itself: both are {decision.Against.Describe(chosen)}. Name another span (--against) or none."
            );
        return decision;
    }

    private static TextSpan? AnswerOf(InspectedQuestion question) =>
        question.Answer.HasAnswer ? new TextSpan(question.Answer.StartUtf16!.Value, question.Answer.EndUtf16!.Value) : null;

    private static InspectedWindow Choose(InspectedQuestion question, IReadOnlyList<TextSpan> spans, int? asked)
    {
        if (asked is not null || question.Windows.Count == 1)
            return question.Choose(asked);
        int? usual = question.AnswerWindow ?? (question.Answer.Answers is [var best, ..] ? best.Window : null);
        if (usual is { } number && spans.All(span => question.Windows[number].Find(span) is not null))
            return question.Windows[number];
        if (spans.Count == 0)
            return question.Choose();
        return question
                .Windows.Where(window => spans.All(span => window.Find(span) is not null))
                .MaxBy(window => LogitTarget.Span(window.Find(spans[0])!.Value).Of(question.Logits[window.Tokens.Index]))
            ?? throw new InspectionException(
                $"no window holds {string.Join(" and ", spans.Select(span => $"\"{span.Of(question.Windows[0].Context)}\""))} as a whole; make windows longer (--max-length)."
            );
    }
}

/// <summary>An answer, or none, whose score another one is measured against.</summary>
/// <param name="Tokens">The answer's tokens; null: no answer.</param>
public sealed record DecisionSide(TokenSpan? Tokens)
{
    /// <summary>Its score.</summary>
    public LogitTarget Score => Tokens is { } span ? LogitTarget.Span(span) : LogitTarget.Null;

    /// <summary>Its text in quotes, or <c>no answer</c>.</summary>
    public string Describe(InspectedWindow window)
    {
        ArgumentNullException.ThrowIfNull(window);
        return Tokens is { } span ? $"\"{window.Covered(span).Of(window.Context)}\"" : LogitTarget.Null.Name;
    }
}
