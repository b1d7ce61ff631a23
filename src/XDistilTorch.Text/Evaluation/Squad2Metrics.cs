namespace XDistilTorch.Evaluation;

/// <summary>The figures of the official SQuAD 2.0 script.</summary>
public static class Squad2Metrics
{
    /// <summary>
    /// One answer against the gold answers. Those that normalise to "" are dropped; without any (left), the empty answer is the right one.
    /// </summary>
    public static AnswerScore Score(string prediction, IReadOnlyList<string> goldAnswers)
    {
        var normalized = AnswerNormalization.Normalize(prediction);
        var best = default(AnswerScore);
        var hasGold = false;
        foreach (var gold in goldAnswers)
        {
            var expected = AnswerNormalization.Normalize(gold);
            if (expected.Length == 0)
                continue;
            hasGold = true;
            best = new(Math.Max(best.Exact, expected == normalized ? 1 : 0), Math.Max(best.F1, TokenF1.Of(normalized, expected)));
        }
        return hasGold ? best
            : normalized.Length == 0 ? new(1, 1)
            : default;
    }

    /// <summary>All figures; with <see cref="Squad2Options.NoAnswerScores"/> those of thresholds too.</summary>
    /// <param name="questions">The data set.</param>
    /// <param name="predictions">The predicted answer of each question id, "" for no answer.</param>
    /// <param name="options">Scores, threshold and what to do about missing predictions.</param>
    /// <exception cref="DataException">
    /// No question, no prediction for any, an id twice, predictions missing without <see cref="Squad2Options.AllowMissing"/>, scores missing or not finite.
    /// </exception>
    public static Squad2Evaluation Evaluate(
        IReadOnlyList<EvaluationQuestion> questions,
        IReadOnlyDictionary<string, string> predictions,
        Squad2Options? options = null
    )
    {
        options ??= new();
        var ids = QuestionIds.Of(questions);
        var missing = ids.MissingFrom(predictions);
        PredictionCoverage.Check(questions.Count, missing, predictions.Count, options.AllowMissing);

        var raw = ScoreAll(questions, predictions);
        var ranking = options.NoAnswerScores is { } scores ? NoAnswerRanking.Of(raw, predictions, scores) : null;
        var final = raw.ConvertAll(score => WithThreshold(score, ranking?.ScoreOf(score.Id) ?? 0, options.NoAnswerThreshold));
        return new()
        {
            Figures = WithThresholds(FiguresOf(final), ranking),
            Questions = final,
            MissingIds = missing,
            SurplusIds = ids.SurplusIn(predictions.Keys),
            PrecisionRecall = ranking is null ? [] : [.. ranking.PrecisionRecall(score => score.Exact)],
            SurplusScoreIds = options.NoAnswerScores is { } given ? ids.SurplusIn(given.Select(score => score.Id)) : [],
        };
    }

    private static List<QuestionScore> ScoreAll(
        IReadOnlyList<EvaluationQuestion> questions,
        IReadOnlyDictionary<string, string> predictions
    )
    {
        var scores = new List<QuestionScore>(questions.Count);
        foreach (var question in questions)
            if (predictions.TryGetValue(question.Id, out var prediction))
            {
                var (exact, f1) = Score(prediction, question.GoldAnswers);
                scores.Add(new(question.Id, question.HasAnswer, exact, f1));
            }
        return scores;
    }

    private static QuestionScore WithThreshold(QuestionScore score, double noAnswer, double? threshold)
    {
        if (!(noAnswer > threshold))
            return score;
        var declined = score.HasAnswer ? 0 : 1;
        return score with { Exact = declined, F1 = declined };
    }

    private static Squad2Figures FiguresOf(List<QuestionScore> scores)
    {
        var all = ScoreGroup.Of(scores);
        ScoreGroup? hasAnswer = ScoreGroup.Of(scores.Where(score => score.HasAnswer)) is { Total: > 0 } some ? some : null;
        ScoreGroup? noAnswer = ScoreGroup.Of(scores.Where(score => !score.HasAnswer)) is { Total: > 0 } others ? others : null;
        return new()
        {
            Exact = all.Exact,
            F1 = all.F1,
            Total = all.Total,
            HasAnsExact = hasAnswer?.Exact,
            HasAnsF1 = hasAnswer?.F1,
            HasAnsTotal = hasAnswer?.Total,
            NoAnsExact = noAnswer?.Exact,
            NoAnsF1 = noAnswer?.F1,
            NoAnsTotal = noAnswer?.Total,
        };
    }

    private static Squad2Figures WithThresholds(Squad2Figures figures, NoAnswerRanking? ranking)
    {
        if (ranking is null)
            return figures;
        var exact = ranking.BestThreshold(score => score.Exact);
        var f1 = ranking.BestThreshold(score => score.F1);
        return figures with
        {
            BestExact = exact.Value,
            BestExactThreshold = exact.Threshold,
            BestF1 = f1.Value,
            BestF1Threshold = f1.Threshold,
            PrExactAp = ranking.AveragePrecision(score => score.Exact),
            PrF1Ap = ranking.AveragePrecision(score => score.F1),
            PrOracleAp = ranking.AveragePrecision(score => score.HasAnswer ? 1 : 0),
        };
    }
}
