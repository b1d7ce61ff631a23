using System.Runtime.InteropServices;

namespace XDistilTorch.Evaluation;

/// <summary>The answered questions, those first where least speaks for no answer; equal scores in the order of the score file.</summary>
internal sealed class NoAnswerRanking
{
    private readonly Dictionary<string, double> scoreOf;
    private readonly Entry[] ranked;
    private readonly int withAnswer;

    private NoAnswerRanking(Dictionary<string, double> scoreOf, Entry[] ranked)
    {
        this.scoreOf = scoreOf;
        this.ranked = ranked;
        withAnswer = ranked.Count(entry => entry.Question.HasAnswer);
    }

    /// <exception cref="DataException">A score is missing, given twice or not finite.</exception>
    public static NoAnswerRanking Of(
        List<QuestionScore> questions,
        IReadOnlyDictionary<string, string> predictions,
        IReadOnlyList<NoAnswerScore> scores
    )
    {
        var scoreOf = ReadScores(scores);
        var without = questions.Where(question => !scoreOf.ContainsKey(question.Id)).ToArray();
        if (without.Length > 0)
            throw new DataException(
                $"{without.Length} of {questions.Count} questions have a prediction but no score for no answer ('{without[0].Id}' is the first); "
                    + "expected one for each. Do the files come from the same run?"
            );

        var byId = questions.ToDictionary(question => question.Id, StringComparer.Ordinal);
        var ranked = scores
            .Where(score => byId.ContainsKey(score.Id))
            .OrderBy(score => score.Score) // stable
            .Select(score => new Entry(byId[score.Id], score.Score, predictions[score.Id].Length > 0));
        return new(scoreOf, [.. ranked]);
    }

    public double ScoreOf(string id) => scoreOf[id];

    /// <summary>
    /// The best mean (0 to 100) when questions up to a score are answered and the others not, and that score. Equal scores are split, and an unanswerable
    /// question with any prediction, be it white space, costs 1: so the official script.
    /// </summary>
    public (double Value, double Threshold) BestThreshold(Func<QuestionScore, double> metric)
    {
        double current = ranked.Length - withAnswer;
        var (best, threshold) = (current, 0.0);
        foreach (var (question, score, isAnswered) in ranked)
        {
            if (question.HasAnswer)
                current += metric(question);
            else if (isAnswered)
                current--;
            if (current > best)
                (best, threshold) = (current, score);
        }
        return (100.0 * best / ranked.Length, threshold);
    }

    /// <summary>The area under the precision-recall steps, 0 to 100; null when no question has an answer.</summary>
    public double? AveragePrecision(Func<QuestionScore, double> found)
    {
        if (withAnswer == 0)
            return null;
        double recall = 0,
            area = 0;
        foreach (var point in PrecisionRecall(found))
        {
            area += point.Precision * (point.Recall - recall);
            recall = point.Recall;
        }
        return 100.0 * area;
    }

    /// <summary>Precision and recall when questions up to a score are answered, at each distinct score; none when no question has an answer.</summary>
    public IEnumerable<PrecisionRecallPoint> PrecisionRecall(Func<QuestionScore, double> found)
    {
        double truePositives = 0;
        for (var i = 0; withAnswer > 0 && i < ranked.Length; i++)
        {
            if (ranked[i].Question.HasAnswer)
                truePositives += found(ranked[i].Question);
            if (i + 1 == ranked.Length || ranked[i].Score != ranked[i + 1].Score)
                yield return new(truePositives / withAnswer, truePositives / (i + 1));
        }
    }

    private static Dictionary<string, double> ReadScores(IReadOnlyList<NoAnswerScore> scores)
    {
        var read = new Dictionary<string, double>(scores.Count, StringComparer.Ordinal);
        foreach (var (id, score) in scores)
        {
            if (!double.IsFinite(score))
                throw new DataException($"the score of '{id}' for no answer is {score}; expected a finite number.");
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(read, id, out var exists);
            if (exists)
                throw new DataException($"'{id}' has two scores for no answer, {entry} and {score}; expected one. Remove the wrong one.");
            entry = score;
        }
        return read;
    }

    private readonly record struct Entry(QuestionScore Question, double Score, bool IsAnswered);
}
