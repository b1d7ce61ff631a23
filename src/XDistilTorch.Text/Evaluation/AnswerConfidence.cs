namespace XDistilTorch.Evaluation;

/// <summary>How sure the model was of an answer, and whether it was right.</summary>
/// <param name="Probability">0 to 1.</param>
/// <param name="IsRight">Whether the answer was an exact match.</param>
public readonly record struct AnswerConfidence(double Probability, bool IsRight)
{
    internal static void Check(IReadOnlyList<AnswerConfidence> answers)
    {
        if (answers.Count == 0)
            throw new ArgumentException("no answers; expected at least one.", nameof(answers));
        foreach (var answer in answers)
            if (answer.Probability is not (>= 0 and <= 1))
                throw new ArgumentException($"a probability is {answer.Probability}; expected 0 to 1.", nameof(answers));
    }
}
