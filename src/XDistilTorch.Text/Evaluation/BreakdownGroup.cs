namespace XDistilTorch.Evaluation;

/// <summary>One group of a <see cref="Breakdown"/>.</summary>
/// <param name="Name">Which questions: <c>who</c>, <c>4-5</c>, <c>no answer</c>.</param>
/// <param name="Figures">Their figures.</param>
public readonly record struct BreakdownGroup(string Name, ScoreGroup Figures);
