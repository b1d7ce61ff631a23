namespace XDistilTorch.Evaluation;

/// <summary>What was predicted for one question, wherever it comes from: a file or a model.</summary>
/// <param name="Id">The question.</param>
/// <param name="Text">The answer; "" for no answer.</param>
public sealed record PredictedAnswer(string Id, string Text)
{
    /// <summary>How much speaks for no answer: null score minus that of the best span (the null odds); null where not known.</summary>
    public double? NoAnswerScore { get; init; }

    /// <summary>How probable the answer is (or no answer, if that is the answer), by the model's own word; null where not known.</summary>
    public double? Probability { get; init; }

    /// <summary>How many windows the context was cut into; null where not known.</summary>
    public int? Windows { get; init; }

    /// <summary>What an answer record says. Its null odds are unknown where no span or no null score was considered.</summary>
    /// <param name="answer">The record; it must have an id.</param>
    /// <param name="windows">How many windows there were; null where not known.</param>
    /// <exception cref="ArgumentException">The record has no id.</exception>
    public static PredictedAnswer Of(Answer answer, int? windows = null) =>
        new(answer.Id ?? throw new ArgumentException("the answer has no id; expected the question's.", nameof(answer)), answer.Text)
        {
            NoAnswerScore = answer is { NullScore: { } none, Answers: [var best, ..] } ? (double)none - best.Score : null,
            Probability = answer.Probability,
            Windows = windows,
        };
}
