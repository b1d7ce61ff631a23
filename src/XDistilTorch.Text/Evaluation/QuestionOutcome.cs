using XDistilTorch.Data;

namespace XDistilTorch.Evaluation;

/// <summary>One evaluated question.</summary>
public sealed record QuestionOutcome
{
    /// <summary>The question as the data have it.</summary>
    public required QuestionRow Row { get; init; }

    /// <summary>The answer that counted, "" for no answer; null where 1.1 counts a missing one.</summary>
    public required string? Prediction { get; init; }

    /// <summary>How it was scored.</summary>
    public required QuestionScore Score { get; init; }

    /// <summary>How much speaks for no answer; null where not known.</summary>
    public double? NoAnswerScore { get; init; }

    /// <summary>How sure the model was, and whether the answer that it gave (before any threshold) was right; null where not known.</summary>
    public AnswerConfidence? Confidence { get; init; }

    /// <summary>The number of windows; null where not known.</summary>
    public int? Windows { get; init; }

    /// <summary>The texts that people gave; none when there is no answer.</summary>
    public IEnumerable<string> GoldTexts => (Row.Answers ?? []).Select(answer => answer.Text);
}
