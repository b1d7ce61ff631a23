using XDistilTorch.Data;

namespace XDistilTorch.Evaluation;

/// <summary>Holds predictions against a data set.</summary>
public static class Evaluator
{
    /// <summary>Computes the whole report.</summary>
    /// <param name="rows">The data, with gold answers.</param>
    /// <param name="predictions">What is evaluated.</param>
    /// <param name="options">What is asked; null: as usual.</param>
    /// <exception cref="DataException">
    /// No question, one without gold answers (not even none) or given twice, predictions of another data set, predictions missing without
    /// <see cref="EvaluationOptions.AllowMissing"/> (2.0), scores missing, or settings of 2.0 with data of 1.1.
    /// </exception>
    public static EvaluationReport Evaluate(IReadOnlyList<QuestionRow> rows, PredictionSet predictions, EvaluationOptions? options = null)
    {
        options ??= new();
        var isV2 = IsV2(rows, options);
        var run = isV2 ? EvaluationRun.V2(rows, predictions, options, options.NoAnswerScores) : EvaluationRun.V1(rows, predictions);
        var other =
            options.ComparedWith is not { } set ? null
            : isV2 ? EvaluationRun.V2(rows, set, options, scoreFile: null)
            : EvaluationRun.V1(rows, set);
        return Assemble(predictions, options, run, other);
    }

    private static EvaluationReport Assemble(PredictionSet predictions, EvaluationOptions options, EvaluationRun run, EvaluationRun? other)
    {
        double[] exact = [.. run.Outcomes.Select(outcome => (double)outcome.Score.Exact)],
            f1 = [.. run.Outcomes.Select(outcome => outcome.Score.F1)];
        AnswerConfidence[] confidences = [.. run.Outcomes.Select(outcome => outcome.Confidence).OfType<AnswerConfidence>()];
        var (exactInterval, f1Interval) = Bootstrap.Intervals(exact, f1, options.Resamples, options.Seed);
        var calibration = AnswerCalibration.Of(confidences);
        return new()
        {
            Name = predictions.Name,
            Squad1 = run.Squad1,
            Squad2 = run.Squad2?.Figures,
            Exact = exactInterval,
            F1 = f1Interval,
            Resamples = options.Resamples,
            Seed = options.Seed,
            NoAnswerThreshold = run.Threshold,
            PrecisionRecall = run.Squad2?.PrecisionRecall ?? [],
            Questions = run.Outcomes,
            Breakdowns = QuestionGroups.Of(run.Outcomes),
            Calibration = calibration,
            Worst = WorstError.Of(run.Outcomes, options.WorstErrors),
            MissingIds = run.MissingIds,
            SurplusIds = run.SurplusIds,
            DuplicateIds = predictions.DuplicateIds,
            Failed = predictions.Failed,
            ComparedWith = options.ComparedWith?.Name,
            Comparison = other is null ? null : Compare(run, other, options),
            Notes =
            [
                .. run.Notes,
                .. calibration is null && confidences.Length > 0
                    ? ["calibration is left out: some probabilities are not between 0 and 1 (the pipeline decoder's may exceed 1)"]
                    : Array.Empty<string>(),
                .. other?.Notes ?? [],
            ],
        };
    }

    private static bool IsV2(IReadOnlyList<QuestionRow> rows, EvaluationOptions options)
    {
        var silent = rows.Where(row => row.Answers is null).Select(row => row.Id).ToArray();
        if (silent.Length > 0)
            throw new DataException(
                FormattableString.Invariant(
                    $"{silent.Length} of {rows.Count} questions come without gold answers ({PredictionCoverage.Some(silent)}); "
                ) + "expected \"answers\" for each, an empty list where the text has none."
            );
        var isV2 = options.Version switch
        {
            SquadVersion.V1 => false,
            SquadVersion.V2 => true,
            _ => rows.Any(row => row.IsImpossible is not null || row.Answers!.Count == 0) || rows.Count == 0,
        };
        if (!isV2 && (options.NoAnswerScores is not null || options.NoAnswerThreshold is not null))
            throw new DataException(
                "these are SQuAD 1.1 figures, which know no \"no answer\": expected no scores and no threshold for it. Leave them out, or take version 2.0."
            );
        return isV2;
    }

    private static PairedComparison Compare(EvaluationRun run, EvaluationRun other, EvaluationOptions options)
    {
        var scores = run.Outcomes.Select(outcome => outcome.Score).ToArray();
        var others = other.Outcomes.Select(outcome => outcome.Score).ToArray();
        var common = scores.Select(score => score.Id).Intersect(others.Select(score => score.Id), StringComparer.Ordinal).ToHashSet();
        return PairedComparison.Of(
            Array.FindAll(scores, score => common.Contains(score.Id)),
            Array.FindAll(others, score => common.Contains(score.Id)),
            options.Resamples,
            options.Seed
        );
    }
}
