namespace XDistilTorch.Evaluation;

/// <summary>How one predicted answer compares with the gold answers: the best over them.</summary>
/// <param name="Exact">1 when it equals a gold answer after normalisation, else 0.</param>
/// <param name="F1">The highest F1 on the words, 0 to 1.</param>
public readonly record struct AnswerScore(int Exact, double F1);
