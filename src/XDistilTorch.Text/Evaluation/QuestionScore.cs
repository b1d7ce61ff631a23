namespace XDistilTorch.Evaluation;

/// <summary>How one question was answered.</summary>
/// <param name="Id">The question.</param>
/// <param name="HasAnswer">Whether the context answers it.</param>
/// <param name="Exact">1 or 0.</param>
/// <param name="F1">0 to 1.</param>
public sealed record QuestionScore(string Id, bool HasAnswer, int Exact, double F1);
