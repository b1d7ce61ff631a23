namespace XDistilTorch.Evaluation;

/// <summary>The figures by groups of one kind.</summary>
/// <param name="Name">What the groups are of, as in JSON: <c>question_word</c>, <c>answer_length</c>, <c>context_length</c> or <c>windows</c>.</param>
/// <param name="Groups">The groups that occur, in their natural order.</param>
public sealed record Breakdown(string Name, IReadOnlyList<BreakdownGroup> Groups)
{
    internal static Breakdown Of(string name, IEnumerable<QuestionOutcome> outcomes, Func<QuestionOutcome, GroupKey> key) =>
        new(
            name,
            [
                .. outcomes
                    .GroupBy(key, outcome => outcome.Score)
                    .OrderBy(group => group.Key.Order)
                    .Select(group => new BreakdownGroup(group.Key.Name, ScoreGroup.Of(group))),
            ]
        );
}
