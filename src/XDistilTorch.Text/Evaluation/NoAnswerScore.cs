namespace XDistilTorch.Evaluation;

/// <summary>One entry of a score file: how much speaks for "no answer", a probability or the null odds.</summary>
/// <param name="Id">The question.</param>
/// <param name="Score">Higher means rather no answer.</param>
public readonly record struct NoAnswerScore(string Id, double Score);
