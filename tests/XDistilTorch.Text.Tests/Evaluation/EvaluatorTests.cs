using System.Text.Json;
using XDistilTorch.Data;

namespace XDistilTorch.Evaluation;

public class EvaluatorTests
{
    private const string Context = "The oak by the mill was planted in 1904. Anna Berg cut it down.";

    private static readonly QuestionRow[] Rows =
    [
        Row("q1", "Who cut the oak down?", "Anna Berg"),
        Row("q2", "In which year was it planted?", "1904"),
        Row("q3", "Where did Anna live?"),
    ];

    private static QuestionRow Row(string id, string question, params string[] golds) =>
        new()
        {
            Id = id,
            Question = question,
            Context = Context,
            Answers =
            [
                .. golds.Select(gold =>
                    GoldAnswer.Of(
                        Context,
                        new(Context.IndexOf(gold, StringComparison.Ordinal), Context.IndexOf(gold, StringComparison.Ordinal) + gold.Length)
                    )
                ),
            ],
        };

    private static PredictionSet Predicted(params PredictedAnswer[] answers) => PredictionSet.Of("predictions", answers);

    private static PredictedAnswer Answer(
        string id,
        string text,
        double? probability = null,
        double? noAnswer = null,
        int? windows = null
    ) =>
        new(id, text)
        {
            Probability = probability,
            NoAnswerScore = noAnswer,
            Windows = windows,
        };

    [Fact]
    public void Figures_are_those_of_the_metric_with_intervals_around_them()
    {
        var report = Evaluator.Evaluate(Rows, Predicted(Answer("q1", "Anna"), Answer("q2", "1904"), Answer("q3", "")));

        report.Squad2!.Exact.Should().BeApproximately(200.0 / 3, 1e-12);
        report.Squad1.Should().BeNull();
        report.Exact.Should().Be(Bootstrap.Interval([0, 1, 1]));
        report.F1.Should().Be(Bootstrap.Interval([.. report.Questions.Select(question => question.Score.F1)]));
        report.Questions.Select(question => question.Row.Id).Should().Equal("q1", "q2", "q3");
        report.Notes.Should().BeEmpty();
        report.Calibration.Should().BeNull();
    }

    [Fact]
    public void Groups_are_those_of_the_questions()
    {
        var all = Rows.Select(row => Answer(row.Id, "", windows: row.Id == "q1" ? 1 : 5)).ToArray();
        var report = Evaluator.Evaluate(Rows, Predicted(all));

        Groups(report, "question_word").Should().Equal("who 1", "where 1", "which 1");
        Groups(report, "answer_length").Should().Equal("1 1", "2 1", "no answer 1");
        Groups(report, "context_length").Should().Equal("1-50 3");
        Groups(report, "windows").Should().Equal("1 1", "4-7 2");
        Evaluator.Evaluate(Rows, Predicted(all[0] with { Windows = null }, all[1], all[2])).Breakdowns.Should().HaveCount(3);

        static IEnumerable<string> Groups(EvaluationReport report, string name) =>
            report.Breakdowns.Single(breakdown => breakdown.Name == name).Groups.Select(group => $"{group.Name} {group.Figures.Total}");
    }

    [Theory]
    [InlineData("Whose coat was it?", "who")]
    [InlineData("To WHOM did she write?", "who")]
    [InlineData("Somewhere, what is it that whoever did?", "what")]
    [InlineData("Name the river.", "other")]
    [InlineData("", "other")]
    public void The_first_question_word_decides(string question, string word) =>
        QuestionGroups.QuestionWord(question).Name.Should().Be(word);

    [Fact]
    public void Lengths_beyond_the_last_bound_have_a_band_of_their_own() =>
        new[] { 0, 1, 2, 3, 4 }.Select(count => new LengthBands(1, 3).Of(count).Name).Should().Equal("1", "1", "2-3", "2-3", "4+");

    [Fact]
    public void Scores_of_the_predictions_feed_thresholds_but_leave_the_predictions_final()
    {
        var set = Predicted(Answer("q1", "Anna Berg", noAnswer: -2), Answer("q2", "1904", noAnswer: 3), Answer("q3", "", noAnswer: 1));

        var report = Evaluator.Evaluate(Rows, set);
        report.Squad2!.Exact.Should().Be(100);
        report.Squad2.BestExactThreshold.Should().Be(3);
        report.PrecisionRecall.Should().HaveCount(3);

        var declined = Evaluator.Evaluate(Rows, set, new() { NoAnswerThreshold = 2.5 });
        declined.Squad2!.HasAnsExact.Should().Be(50);
        declined.Questions[1].Prediction.Should().BeEmpty();
        declined.NoAnswerThreshold.Should().Be(2.5);
    }

    [Fact]
    public void A_score_file_comes_before_the_predictions_scores_and_brings_the_scripts_threshold()
    {
        var file = new NoAnswerScores("scores", [new("q1", 1.5), new("q2", 0), new("q3", 0), new("other", 1)], ["q2"]);

        var report = Evaluator.Evaluate(
            Rows,
            Predicted(Answer("q1", "Anna Berg", noAnswer: -2), Answer("q2", "1904"), Answer("q3", "")),
            new() { NoAnswerScores = file }
        );

        report.NoAnswerThreshold.Should().Be(1);
        report.Questions[0].Prediction.Should().BeEmpty();
        report
            .Notes.Should()
            .SatisfyRespectively(
                n => n.Should().Match("scores: *not have: 1 ('other')*"),
                n => n.Should().Match("scores: *repeat an id: 1 ('q2')*")
            );
    }

    [Fact]
    public void Some_scores_only_are_said_and_not_used()
    {
        var report = Evaluator.Evaluate(Rows, Predicted(Answer("q1", "", noAnswer: -2), Answer("q2", ""), Answer("q3", "")));

        report.Squad2!.BestF1.Should().BeNull();
        report.Notes.Should().ContainMatch("*best_* left out: 2 of 3 records*");
    }

    [Fact]
    public void Probabilities_are_judged_by_the_answer_as_it_was_given()
    {
        PredictedAnswer[] answers = [Answer("q1", "Anna Berg", 0.9, 5), Answer("q2", "oak", 0.8, 0), Answer("q3", "", 0.6, 0)];

        var report = Evaluator.Evaluate(Rows, Predicted(answers), new() { NoAnswerThreshold = 4 });

        report
            .Questions.Select(question => question.Confidence)
            .Should()
            .Equal(new AnswerConfidence(0.9, true), new AnswerConfidence(0.8, false), new AnswerConfidence(0.6, true));
        report.Calibration!.Total.Should().Be(3);
        report.Calibration.Coverage.Select(entry => entry.Value.Count).Should().Equal(1, 1);
        CoveragePoint
            .Curve(report.Questions.Select(question => question.Confidence!.Value))
            .Should()
            .Equal(new CoveragePoint(1 / 3.0, 1), new CoveragePoint(2 / 3.0, 0.5), new CoveragePoint(1, 2 / 3.0));

        answers[0] = answers[0] with { Probability = 1.2 };
        var beyond = Evaluator.Evaluate(Rows, Predicted(answers));
        beyond.Calibration.Should().BeNull();
        beyond.Notes.Should().ContainMatch("calibration is left out*");
    }

    [Fact]
    public void The_worst_errors_are_the_surest_and_furthest_from_right()
    {
        var report = Evaluator.Evaluate(
            Rows,
            Predicted(Answer("q1", "Anna", 0.99), Answer("q2", "oak", 0.7), Answer("q3", "Berg", 0.8)),
            new() { WorstErrors = 2 }
        );

        report.Worst.Select(error => error.Outcome.Row.Id).Should().Equal("q3", "q2");
        report.Worst[0].Excerpt.Should().Be(Context);
    }

    [Fact]
    public void Excerpts_are_cut_around_the_gold_answer_between_characters()
    {
        var context = string.Concat(Enumerable.Repeat("🍵e\u0301", 300)) + "Anna" + string.Concat(Enumerable.Repeat("🍵e\u0301", 300));
        var at = context.IndexOf("Anna", StringComparison.Ordinal);
        var row = Rows[0] with { Context = context, Answers = [GoldAnswer.Of(context, new(at, at + 4))] };

        var excerpt = Evaluator.Evaluate([row], Predicted(Answer("q1", ""))).Worst[0].Excerpt;

        excerpt.Should().Contain("Anna").And.StartWith("... ").And.EndWith(" ...");
        excerpt.Length.Should().BeInRange(200, 500);
        excerpt[4..^4].EnumerateRunes().Should().NotContain(System.Text.Rune.ReplacementChar);
        excerpt[4].Should().NotBe('\u0301');
    }

    [Fact]
    public void What_is_missing_surplus_repeated_or_failed_is_counted_and_said()
    {
        var set = PredictionSet.Of("p", [Answer("q1", "Anna Berg"), Answer("q1", "Anna Berg"), Answer("q9", "")], failed: 1);

        FluentActions
            .Invoking(() => Evaluator.Evaluate(Rows, set))
            .Should()
            .Throw<DataException>()
            .WithMessage("p: 2 of 3 questions have no prediction ('q2', 'q3')*--allow-missing*error*: 1.");
        var report = Evaluator.Evaluate(Rows, set, new() { AllowMissing = true });

        report.Squad2!.Total.Should().Be(1);
        (report.MissingIds.Count, report.SurplusIds.Count, report.DuplicateIds.Count, report.Failed).Should().Be((2, 1, 1, 1));
        report.Notes.Should().HaveCount(4).And.OnlyContain(note => note.StartsWith("p: "));
    }

    [Fact]
    public void Version_1_counts_missing_ones_as_wrong()
    {
        var report = Evaluator.Evaluate(Rows[..2], Predicted(Answer("q1", "Anna Berg")));

        report.Squad1!.ExactMatch.Should().Be(50);
        report.Questions[1].Prediction.Should().BeNull();
        report.Notes.Should().ContainMatch("*without prediction: 1 ('q2'); counted 0");
        report.ToJson().Should().StartWith("""{"exact_match":50,"f1":50,"total":2,"version":"1.1",""");
    }

    [Theory]
    [InlineData(SquadVersion.V1)]
    [InlineData(SquadVersion.V2)]
    public void Predictions_of_another_data_set_are_one_error(SquadVersion version) =>
        FluentActions
            .Invoking(() => Evaluator.Evaluate(Rows[..2], Predicted(Answer("x", "")), new() { Version = version, AllowMissing = true }))
            .Should()
            .Throw<DataException>()
            .WithMessage("predictions: none of the 2 questions has a prediction (there are 1, for other ids)*belong together?");

    [Fact]
    public void The_version_follows_from_the_data()
    {
        Evaluator.Evaluate(Rows[..2], Predicted(Answer("q1", ""), Answer("q2", ""))).Squad2.Should().BeNull();
        Evaluator
            .Evaluate([Rows[0] with { IsImpossible = false }], Predicted(Answer("q1", "")))
            .Squad2.Should()
            .NotBeNull("2.0 files say is_impossible of every question");
        Evaluator
            .Evaluate(Rows[..1], Predicted(Answer("q1", "")), new() { Version = SquadVersion.V2 })
            .Squad2!.NoAnsTotal.Should()
            .BeNull();
    }

    [Fact]
    public void What_cannot_be_evaluated_is_told()
    {
        Refused([Rows[0] with { Answers = null }, Rows[1]], new()).Should().Match("1 of 2 questions come without gold answers ('q1')*");
        Refused(Rows, new() { Version = SquadVersion.V1 }).Should().Match("*1 of 3 questions have no gold answer*");
        Refused(Rows[..2], new() { NoAnswerThreshold = 1 }).Should().Match("these are SQuAD 1.1 figures*");
        Refused([], new()).Should().Match("*no questions*");

        static string Refused(IReadOnlyList<QuestionRow> rows, EvaluationOptions options) =>
            FluentActions
                .Invoking(() => Evaluator.Evaluate(rows, Predicted(Answer("q1", ""), Answer("q2", ""), Answer("q3", "")), options))
                .Should()
                .Throw<DataException>()
                .Which.Message;
    }

    [Fact]
    public void Others_are_compared_on_the_questions_that_both_have()
    {
        var other = PredictionSet.Of("other", [Answer("q1", "Anna Berg"), Answer("q3", "")]);

        var report = Evaluator.Evaluate(
            Rows,
            Predicted(Answer("q1", "oak"), Answer("q2", "1904"), Answer("q3", "")),
            new() { ComparedWith = other, AllowMissing = true }
        );

        report.Comparison!.Total.Should().Be(2);
        report.Comparison.Exact.Mean.Should().Be(50);
        report.Comparison.McNemar.Should().Be(McNemarTest.Of(0, 1));
        report.Notes.Should().ContainMatch("other: questions without prediction: 1*");
    }

    [Fact]
    public void The_json_has_every_part_and_the_same_input_gives_the_same_bytes()
    {
        EvaluationReport Evaluate() =>
            Evaluator.Evaluate(
                Rows,
                Predicted(Answer("q1", "Anna", 0.5, -1, 1), Answer("q2", "1904", 0.75, 0, 1), Answer("q3", "", 0.25, 1, 2)),
                new() { ComparedWith = PredictionSet.Of("other", Rows.Select(row => Answer(row.Id, ""))) }
            );
        using var json = JsonDocument.Parse(Evaluate().ToJson());
        var root = json.RootElement;

        root.EnumerateObject()
            .Select(part => part.Name)
            .Should()
            .StartWith(["exact", "f1", "total", "HasAns_exact"])
            .And.Contain([
                "best_f1_thresh",
                "pr_oracle_ap",
                "intervals",
                "breakdowns",
                "calibration",
                "worst",
                "missing",
                "surplus",
                "duplicates",
                "comparison",
            ]);
        root.GetProperty("calibration").GetProperty("bins").GetArrayLength().Should().Be(15);
        root.GetProperty("breakdowns").GetProperty("windows")[0].GetProperty("group").GetString().Should().Be("1");
        Evaluate().ToJson().Should().Be(Evaluate().ToJson());
    }
}
