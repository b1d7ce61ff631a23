using CsCheck;

namespace XDistilTorch.Evaluation;

public class SquadMetricsPropertyTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void F1_is_symmetric_within_bounds_and_never_below_the_exact_match() =>
        Gen.Select(EvaluationExamples.Answer, EvaluationExamples.Answer)
            .Sample(
                (first, second) =>
                {
                    var score = Squad2Metrics.Score(first, [second]);
                    score.F1.Should().Be(Squad2Metrics.Score(second, [first]).F1).And.BeInRange(score.Exact, 1);
                }
            );

    [Fact]
    public void Normalising_twice_changes_nothing() =>
        EvaluationExamples.Answer.Sample(answer =>
            AnswerNormalization.Normalize(AnswerNormalization.Normalize(answer)) == AnswerNormalization.Normalize(answer)
        );

    [Fact]
    public void One_more_gold_answer_never_lowers_a_score_of_1_1() =>
        Gen.Select(EvaluationExamples.Answer, EvaluationExamples.Answer.Array[1, 3], EvaluationExamples.Answer)
            .Sample(
                (prediction, golds, more) =>
                {
                    var before = Squad1Metrics.Score(prediction, golds);
                    var after = Squad1Metrics.Score(prediction, [.. golds, more]);
                    return after.Exact >= before.Exact && after.F1 >= before.F1;
                }
            );

    [Fact]
    public void The_order_of_questions_and_scores_changes_nothing_when_no_scores_are_equal() =>
        Gen.Select(EvaluationExamples.Distinct.Where(it => it.Scores.DistinctBy(s => s.Score).Count() == it.Scores.Length), Gen.Int)
            .Sample(
                (example, seed) =>
                {
                    var questions = example.Questions.ToArray();
                    var scores = example.Scores.ToArray();
                    var random = new Random(seed);
                    random.Shuffle(questions);
                    random.Shuffle(scores);

                    var shuffled = Squad2Metrics.Evaluate(questions, example.Predictions, example.Options with { NoAnswerScores = scores });

                    ShouldBeClose(
                        shuffled.Figures,
                        Squad2Metrics.Evaluate(example.Questions, example.Predictions, example.Options).Figures
                    );
                }
            );

    [Fact]
    public void Questions_with_and_without_answer_together_are_the_total() =>
        EvaluationExamples.Tied.Sample(example =>
        {
            var f = Squad2Metrics.Evaluate(example.Questions, example.Predictions, example.Options).Figures;

            ((f.HasAnsTotal ?? 0) + (f.NoAnsTotal ?? 0)).Should().Be(f.Total);
            Weighted(f.HasAnsExact, f.HasAnsTotal, f.NoAnsExact, f.NoAnsTotal).Should().BeApproximately(f.Exact, Tolerance);
            Weighted(f.HasAnsF1, f.HasAnsTotal, f.NoAnsF1, f.NoAnsTotal).Should().BeApproximately(f.F1, Tolerance);
        });

    [Fact]
    public void The_official_best_is_that_of_trying_every_cut_of_the_sorted_file() =>
        EvaluationExamples.Tied.Sample(example =>
        {
            var figures = Squad2Metrics.Evaluate(example.Questions, example.Predictions, example.Options).Figures;

            var ranked = example.Scores.OrderBy(score => score.Score).Select(score => example.Questions.Single(q => q.Id == score.Id));
            var best = Enumerable.Range(0, example.Questions.Length + 1).Max(cut => ExactOf(ranked, example.Predictions, cut));
            figures.BestExact.Should().BeApproximately(100.0 * best / example.Questions.Length, Tolerance);
        });

    [Fact]
    public void Groups_of_a_breakdown_together_are_the_total() =>
        EvaluationExamples.Tied.Sample(example =>
        {
            var evaluation = Squad2Metrics.Evaluate(example.Questions, example.Predictions);

            var groups = ScoreBreakdown.By(evaluation.Questions, score => score.Id.Length);

            groups.Sum(group => group.Value.Total).Should().Be(evaluation.Figures.Total);
            groups.Select(group => group.Key).Should().OnlyHaveUniqueItems();
            (groups.Sum(group => group.Value.F1 * group.Value.Total) / evaluation.Figures.Total)
                .Should()
                .BeApproximately(evaluation.Figures.F1, Tolerance);
        });

    // Sums of F1 in another order round otherwise, so that of equally good thresholds for F1 another may come first.
    private static void ShouldBeClose(Squad2Figures figures, Squad2Figures expected)
    {
        double?[] Values(Squad2Figures f) =>
            [
                f.Exact,
                f.F1,
                f.HasAnsExact,
                f.HasAnsF1,
                f.NoAnsExact,
                f.NoAnsF1,
                f.BestExact,
                f.BestExactThreshold,
                f.BestF1,
                f.PrExactAp,
                f.PrF1Ap,
                f.PrOracleAp,
            ];

        foreach (var (value, other) in Values(figures).Zip(Values(expected)))
            ((value ?? -1) - (other ?? -1)).Should().BeApproximately(0, Tolerance);
    }

    private static double Weighted(double? first, int? firstTotal, double? second, int? secondTotal) =>
        (((first ?? 0) * (firstTotal ?? 0)) + ((second ?? 0) * (secondTotal ?? 0))) / ((firstTotal ?? 0) + (secondTotal ?? 0));

    /// <summary>The first questions up to the cut answered, the others declined.</summary>
    private static double ExactOf(IEnumerable<EvaluationQuestion> ranked, Dictionary<string, string> predictions, int cut) =>
        ranked
            .Select(
                (question, i) =>
                    (question.HasAnswer, IsAnswered: i < cut) switch
                    {
                        (true, true) => Squad2Metrics.Score(predictions[question.Id], question.GoldAnswers).Exact,
                        (true, false) => 0,
                        (false, true) => predictions[question.Id].Length == 0 ? 1 : 0,
                        (false, false) => 1,
                    }
            )
            .Sum();
}
