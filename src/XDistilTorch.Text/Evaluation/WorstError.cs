using System.Globalization;

namespace XDistilTorch.Evaluation;

/// <summary>A wrongly answered question with what is needed to see why.</summary>
/// <param name="Outcome">The question, its answer and its score.</param>
/// <param name="Excerpt">Of the context, around the gold answer, else around the prediction, else the beginning; "..." where it was cut.</param>
public sealed record WorstError(QuestionOutcome Outcome, string Excerpt)
{
    private const int Reach = 160;

    /// <summary>
    /// The errors in which the model was surest and furthest from right: by probability times what is missing to F1 1; without probabilities by F1, then by how
    /// much the score spoke for what was done. Equally bad ones in the order of the data.
    /// </summary>
    public static IReadOnlyList<WorstError> Of(IEnumerable<QuestionOutcome> outcomes, int most) =>
        [
            .. outcomes
                .Where(outcome => outcome.Score.Exact == 0)
                .OrderByDescending(outcome => (outcome.Confidence?.Probability ?? 1) * (1 - outcome.Score.F1))
                .ThenByDescending(Support)
                .Take(most)
                .Select(outcome => new WorstError(outcome, ExcerptOf(outcome))),
        ];

    private static double Support(QuestionOutcome outcome) =>
        (outcome.Prediction is { Length: > 0 } ? -outcome.NoAnswerScore : outcome.NoAnswerScore) ?? 0;

    private static string ExcerptOf(QuestionOutcome outcome)
    {
        var context = outcome.Row.Context;
        var place =
            (outcome.Row.Answers ?? []).Select(gold => gold.Span).FirstOrDefault(span => span is not null)
            ?? Find(context, outcome.Prediction);
        var start = Boundary(context, place.Start - Reach);
        var end = Boundary(context, Math.Min(place.End, place.Start + Reach) + Reach);
        return (start > 0 ? "... " : "") + context[start..end].Trim() + (end < context.Length ? " ..." : "");
    }

    private static TextSpan Find(string context, string? prediction) =>
        !string.IsNullOrEmpty(prediction) && context.IndexOf(prediction, StringComparison.Ordinal) is var at and >= 0
            ? new TextSpan(at, at + prediction.Length)
            : default;

    // To the next space, if there is one near; never inside a character.
    private static int Boundary(string text, int at)
    {
        if (at <= 0 || at >= text.Length)
            return Math.Clamp(at, 0, text.Length);
        var space = text.AsSpan(at, Math.Min(30, text.Length - at)).IndexOf(' ');
        at += Math.Max(space, 0);
        return
            char.IsLowSurrogate(text[at])
            || CharUnicodeInfo.GetUnicodeCategory(text, at) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            ? Boundary(text, at + 1)
            : at;
    }
}
