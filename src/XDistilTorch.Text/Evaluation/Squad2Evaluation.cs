namespace XDistilTorch.Evaluation;

/// <summary>What <see cref="Squad2Metrics.Evaluate"/> finds.</summary>
public sealed record Squad2Evaluation
{
    /// <summary>The figures of the official script.</summary>
    public required Squad2Figures Figures { get; init; }

    /// <summary>The score of each question that has a prediction, threshold applied, in the order of the data set.</summary>
    public required IReadOnlyList<QuestionScore> Questions { get; init; }

    /// <summary>Questions without prediction, in the order of the data set; in no figure.</summary>
    public required IReadOnlyList<string> MissingIds { get; init; }

    /// <summary>Predictions of questions that the data set does not have; left aside.</summary>
    public required IReadOnlyList<string> SurplusIds { get; init; }

    /// <summary>Scores of questions that the data set does not have; left aside.</summary>
    public required IReadOnlyList<string> SurplusScoreIds { get; init; }

    /// <summary>The precision-recall steps of exact matches, the basis of <c>pr_exact_ap</c>; empty without scores or without a question that has an answer.</summary>
    public required IReadOnlyList<PrecisionRecallPoint> PrecisionRecall { get; init; }
}
