namespace XDistilTorch.Evaluation;

/// <summary>What <see cref="Squad1Metrics.Evaluate"/> finds.</summary>
public sealed record Squad1Evaluation
{
    /// <summary>The figures of the official script.</summary>
    public required Squad1Figures Figures { get; init; }

    /// <summary>Each question's score, in the order of the data set; 0 for those without prediction.</summary>
    public required IReadOnlyList<QuestionScore> Questions { get; init; }

    /// <summary>Questions without prediction, in the order of the data set; they count 0.</summary>
    public required IReadOnlyList<string> MissingIds { get; init; }

    /// <summary>Predictions of questions that the data set does not have; left aside.</summary>
    public required IReadOnlyList<string> SurplusIds { get; init; }
}
