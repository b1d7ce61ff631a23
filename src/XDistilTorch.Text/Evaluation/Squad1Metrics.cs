namespace XDistilTorch.Evaluation;

/// <summary>The figures of the official SQuAD 1.1 script.</summary>
public static class Squad1Metrics
{
    /// <summary>One answer against the gold answers. Unlike in 2.0, two empty answers have F1 0 (and are an exact match), and no gold answer is dropped.</summary>
    /// <exception cref="ArgumentException">There is no gold answer: 1.1 has no such questions.</exception>
    public static AnswerScore Score(string prediction, IReadOnlyList<string> goldAnswers)
    {
        if (goldAnswers.Count == 0)
            throw new ArgumentException(
                "no gold answer; SQuAD 1.1 has one or more for every question, expected that.",
                nameof(goldAnswers)
            );
        var normalized = AnswerNormalization.Normalize(prediction);
        var best = default(AnswerScore);
        foreach (var gold in goldAnswers)
        {
            var expected = AnswerNormalization.Normalize(gold);
            best = new(Math.Max(best.Exact, expected == normalized ? 1 : 0), Math.Max(best.F1, TokenF1.Of(normalized, expected)));
        }
        return best;
    }

    /// <summary>All figures. A question without prediction counts 0; a prediction for an unknown question is left aside. Both are listed.</summary>
    /// <param name="questions">The data set.</param>
    /// <param name="predictions">The predicted answer of each question id.</param>
    /// <exception cref="DataException">No question, an id twice, or questions without gold answer.</exception>
    public static Squad1Evaluation Evaluate(IReadOnlyList<EvaluationQuestion> questions, IReadOnlyDictionary<string, string> predictions)
    {
        var ids = QuestionIds.Of(questions);
        Check(questions);
        var scores = new List<QuestionScore>(questions.Count);
        foreach (var question in questions)
        {
            var score = predictions.TryGetValue(question.Id, out var text) ? Score(text, question.GoldAnswers) : default;
            scores.Add(new(question.Id, question.HasAnswer, score.Exact, score.F1));
        }
        return new()
        {
            Figures = new()
            {
                ExactMatch = ScoreGroup.Of(scores).Exact,
                F1 = ScoreGroup.Of(scores).F1,
                Total = scores.Count,
            },
            Questions = scores,
            MissingIds = ids.MissingFrom(predictions),
            SurplusIds = ids.SurplusIn(predictions.Keys),
        };
    }

    private static void Check(IReadOnlyList<EvaluationQuestion> questions)
    {
        var without = questions.Where(question => !question.HasAnswer).ToArray();
        if (without.Length > 0)
            throw new DataException(
                $"{without.Length} of {questions.Count} questions have no gold answer ('{without[0].Id}' is the first); the figures of SQuAD 1.1 "
                    + "need one or more for every question. Take those of SQuAD 2.0."
            );
    }
}
