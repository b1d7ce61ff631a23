namespace XDistilTorch.Evaluation;

/// <summary>A question with its gold answers, wherever it was read from.</summary>
/// <param name="Id">The question's name, by which predictions refer to it.</param>
/// <param name="GoldAnswers">The texts that people gave, as they stand in the data; none when the context does not answer the question.</param>
public sealed record EvaluationQuestion(string Id, IReadOnlyList<string> GoldAnswers)
{
    /// <summary>Whether the context answers the question: there is a gold answer, be it one that normalises to "" (official SQuAD 2.0).</summary>
    public bool HasAnswer => GoldAnswers.Count > 0;
}
