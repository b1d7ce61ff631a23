namespace XDistilTorch.Evaluation;

/// <summary>Figures by groups: question word, length of the answer, number of windows, whatever a key says.</summary>
public static class ScoreBreakdown
{
    /// <summary>The figures of each group, in the order in which the groups first appear.</summary>
    /// <param name="scores">The questions.</param>
    /// <param name="key">The group of a question.</param>
    public static IReadOnlyList<KeyValuePair<TKey, ScoreGroup>> By<TKey>(IEnumerable<QuestionScore> scores, Func<QuestionScore, TKey> key)
        where TKey : notnull => [.. scores.GroupBy(key).Select(group => KeyValuePair.Create(group.Key, ScoreGroup.Of(group)))];
}
