namespace XDistilTorch.Evaluation;

/// <summary>All that an evaluation found: the official figures, how sure they are, where they come from, and what was odd about the predictions.</summary>
public sealed record EvaluationReport
{
    /// <summary>What the predictions are called: the file, or the model.</summary>
    public required string Name { get; init; }

    /// <summary>The official figures of SQuAD 2.0; null where those of 1.1 were computed.</summary>
    public Squad2Figures? Squad2 { get; init; }

    /// <summary>The official figures of SQuAD 1.1; null where those of 2.0 were computed.</summary>
    public Squad1Figures? Squad1 { get; init; }

    /// <summary>The official figures under the official names, in the official order; those that were not computed are left out.</summary>
    public IEnumerable<KeyValuePair<string, double>> OfficialFigures =>
        EvaluationJson.Figures(this).Select(figure => KeyValuePair.Create(figure.Name, figure.Value.GetDouble()));

    /// <summary>Exact matches with their bootstrap interval.</summary>
    public required BootstrapInterval Exact { get; init; }

    /// <summary>F1 with its bootstrap interval.</summary>
    public required BootstrapInterval F1 { get; init; }

    /// <summary>How many resamples the intervals are from.</summary>
    public required int Resamples { get; init; }

    /// <summary>The seed they were drawn with.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The threshold that was applied; null where the predictions are final.</summary>
    public double? NoAnswerThreshold { get; init; }

    /// <summary>The precision-recall steps of exact matches; empty without scores.</summary>
    public required IReadOnlyList<PrecisionRecallPoint> PrecisionRecall { get; init; }

    /// <summary>Every evaluated question, in the order of the data.</summary>
    public required IReadOnlyList<QuestionOutcome> Questions { get; init; }

    /// <summary>Figures by question word, length of the answer, length of the context, number of windows.</summary>
    public required IReadOnlyList<Breakdown> Breakdowns { get; init; }

    /// <summary>Whether probabilities mean what they say; null without them.</summary>
    public AnswerCalibration? Calibration { get; init; }

    /// <summary>The worst errors, worst first.</summary>
    public required IReadOnlyList<WorstError> Worst { get; init; }

    /// <summary>Questions without prediction: left out in 2.0, counted 0 in 1.1.</summary>
    public required IReadOnlyList<string> MissingIds { get; init; }

    /// <summary>Predictions of questions that the data do not have; left aside.</summary>
    public required IReadOnlyList<string> SurplusIds { get; init; }

    /// <summary>Ids whose prediction was given again, once for each time; the last counts.</summary>
    public required IReadOnlyList<string> DuplicateIds { get; init; }

    /// <summary>How many questions failed where they were predicted; they are among <see cref="MissingIds"/>.</summary>
    public required int Failed { get; init; }

    /// <summary>The other predictions' name; null without a comparison.</summary>
    public string? ComparedWith { get; init; }

    /// <summary>The other predictions minus these; null without a comparison.</summary>
    public PairedComparison? Comparison { get; init; }

    /// <summary>What a reader of the figures must know: what was missing, given twice, left aside.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The report as one line of JSON: the official figures under their own names first, then the rest.</summary>
    public string ToJson() => EvaluationJson.Write(this);
}
