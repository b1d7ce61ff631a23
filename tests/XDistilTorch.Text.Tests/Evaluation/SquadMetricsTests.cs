namespace XDistilTorch.Evaluation;

public class SquadMetricsTests
{
    private static readonly EvaluationQuestion[] Questions = [new("q1", ["oak"]), new("q2", []), new("q3", ["the"])];

    private static readonly Dictionary<string, string> Predictions = new()
    {
        ["q1"] = "an oak",
        ["q2"] = "",
        ["q3"] = "a",
        ["q9"] = "tea",
    };

    private static readonly NoAnswerScore[] Scores = [new("q3", 0.5), new("q1", 0.5), new("q2", 0.5), new("q8", 0.1)];

    [Fact]
    public void What_the_data_set_does_not_have_is_listed_and_left_aside()
    {
        var evaluation = Squad2Metrics.Evaluate(Questions, Predictions, new() { NoAnswerScores = Scores });

        evaluation.SurplusIds.Should().Equal("q9");
        evaluation.SurplusScoreIds.Should().Equal("q8");
        evaluation.Figures.Total.Should().Be(3);
    }

    [Fact]
    public void Figures_are_written_with_the_official_names_in_the_official_order() =>
        Squad2Metrics
            .Evaluate(Questions, Predictions, new() { NoAnswerScores = Scores })
            .Figures.ToJson()
            .Should()
            .Be(
                """{"exact":100,"f1":100,"total":3,"HasAns_exact":100,"HasAns_f1":100,"HasAns_total":2,"NoAns_exact":100,"NoAns_f1":100,"NoAns_total":1"""
                    + ""","best_exact":100,"best_exact_thresh":0.5,"best_f1":100,"best_f1_thresh":0.5,"pr_exact_ap":66.66666666666666,"pr_f1_ap":66.66666666666666,"pr_oracle_ap":66.66666666666666}"""
            );

    [Fact]
    public void A_threshold_declines_strictly_above_and_none_leaves_the_predictions_final()
    {
        Exact(new() { NoAnswerScores = Scores, NoAnswerThreshold = 0.5 }).Should().Be(100);
        Exact(new() { NoAnswerScores = Scores, NoAnswerThreshold = 0.4 }).Should().BeApproximately(100 / 3.0, 1e-9);
        Exact(new() { NoAnswerScores = Scores, NoAnswerThreshold = null }).Should().Be(100);
        Exact(new() { NoAnswerThreshold = -1 }).Should().BeApproximately(100 / 3.0, 1e-9, "without scores each is 0");

        static double Exact(Squad2Options options) => Squad2Metrics.Evaluate(Questions, Predictions, options).Figures.Exact;
    }

    [Fact]
    public void Without_questions_of_one_kind_their_figures_are_left_out()
    {
        EvaluationQuestion[] unanswerable = [new("q2", [])];

        Squad2Metrics
            .Evaluate(unanswerable, Predictions, new() { NoAnswerScores = [new("q2", 1)] })
            .Figures.ToJson()
            .Should()
            .Be(
                """{"exact":100,"f1":100,"total":1,"NoAns_exact":100,"NoAns_f1":100,"NoAns_total":1,"best_exact":100,"best_exact_thresh":0,"best_f1":100,"best_f1_thresh":0}"""
            );
    }

    [Fact]
    public void Missing_predictions_are_counted_in_the_error()
    {
        var evaluate = () => Squad2Metrics.Evaluate(Questions, new Dictionary<string, string> { ["q1"] = "oak" });

        evaluate.Should().Throw<DataException>().WithMessage("2 of 3 questions have no prediction ('q2', 'q3')*--allow-missing*");
    }

    [Fact]
    public void Predictions_of_another_data_set_are_refused_even_when_some_may_be_missing()
    {
        var evaluate = () =>
            Squad2Metrics.Evaluate(Questions, new Dictionary<string, string> { ["x"] = "oak" }, new() { AllowMissing = true });

        evaluate.Should().Throw<DataException>().WithMessage("none of the 3 questions*");
    }

    [Fact]
    public void No_question_and_an_id_twice_are_refused()
    {
        var none = () => Squad2Metrics.Evaluate([], Predictions);
        var twice = () => Squad1Metrics.Evaluate([Questions[0], Questions[0]], Predictions);

        none.Should().Throw<DataException>().WithMessage("*no questions*");
        twice.Should().Throw<DataException>().WithMessage("*'q1'*every id once*");
    }

    [Fact]
    public void Questions_without_gold_answer_have_no_figures_of_1_1()
    {
        var evaluate = () => Squad1Metrics.Evaluate(Questions, Predictions);

        evaluate.Should().Throw<DataException>().WithMessage("1 of 3 questions have no gold answer ('q2'*2.0*");
    }

    [Fact]
    public void Scores_that_are_missing_doubled_or_no_numbers_are_refused()
    {
        ShouldRefuse([.. Scores[..2]], "1 of 3 questions*'q2'*");
        ShouldRefuse([.. Scores, new("q1", 0.75)], "'q1' has two scores*0.5 and 0.75*");
        ShouldRefuse([.. Scores[1..], new("q3", double.NaN)], "*'q3'*NaN*");

        static void ShouldRefuse(NoAnswerScore[] scores, string message) =>
            FluentActions
                .Invoking(() => Squad2Metrics.Evaluate(Questions, Predictions, new() { NoAnswerScores = scores }))
                .Should()
                .Throw<DataException>()
                .WithMessage(message);
    }
}
