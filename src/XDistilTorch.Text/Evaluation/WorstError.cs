namespace XDistilTorch.Evaluation;

/// <summary>A wrongly answered question with what is needed to see why.</summary>
/// <param name="Outcome">The question, its answer and its score.</param>
/// <param name="Excerpt">Of the context, around the gold answer, else around the prediction, else the beginning; "..." where it was cut.</param>
public sealed record WorstError(QuestionOutcome Outcome, string Excerpt)
{
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
                .Select(outcome => new WorstError(outcome, ContextExcerpt.Of(outcome.Row, outcome.Prediction))),
        ];

    private static double Support(QuestionOutcome outcome) =>
        (outcome.Prediction is { Length: > 0 } ? -outcome.NoAnswerScore : outcome.NoAnswerScore) ?? 0;
}
