using XDistilTorch.Engines;

namespace XDistilTorch.Inspection.Attribution;

/// <summary>The span of the context that a window's logits favour: what "no answer" is measured against.</summary>
public static class BestSpan
{
    /// <summary>The span with the highest score, of equal ones the first.</summary>
    /// <param name="window">The window.</param>
    /// <param name="logits">Its logits.</param>
    /// <param name="longest">The longest that it may be, in tokens.</param>
    /// <exception cref="InspectionException">The window has no token of the context.</exception>
    public static TokenSpan In(InspectedWindow window, WindowLogits logits, int longest = 30)
    {
        ArgumentNullException.ThrowIfNull(window);
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, 1);
        var context = window.ContextTokens;
        if (context.Length < 1)
            throw new InspectionException($"window {window.Tokens.Index} has no token of the context, expected one with text.");
        return SpanScores.Best(logits.Start, logits.End, context, longest, count: 1)[0];
    }
}
