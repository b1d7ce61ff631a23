using XDistilTorch.Data;
using XDistilTorch.Inspection.OverData;
using XDistilTorch.Prediction;

namespace XDistilTorch.Tests.Inspection.OverData;

public class MeasureSummaryTests
{
    private static readonly MeasureDescription Description = new(
        "warmth",
        ["It shows nothing else."],
        [new("heat", "how warm it is", HasExamples: true, ExamplesOf: "question"), new("size", "how large it is")]
    );

    internal static RowPrediction Row(int number, string answer = "osei") =>
        new()
        {
            Number = number,
            Id = $"q{number}",
            Row = new QuestionRow
            {
                Id = $"q{number}",
                Question = $"Who repaired clock {number}?",
                Context = "The clock was repaired by osei.",
                Answers = number % 2 == 0 ? [] : [new GoldAnswer("osei", 26, new TextSpan(26, 30))],
            },
            Answer = new Answer
            {
                Question = "",
                Text = answer,
                Score = 1,
                NullScore = 0,
                Probability = 0.5,
                StartUtf16 = answer.Length > 0 ? 26 : null,
                Decoder = "squad",
                Answers = [],
            },
        };

    [Fact]
    public void Every_part_of_a_figure_has_a_distribution_of_its_own()
    {
        var summary = new MeasureSummary(Description);
        for (var i = 0; i < 4; i++)
            summary.Add(
                Row(i),
                [
                    new("heat", i) { Group = "question" },
                    new("heat", 10 * i) { Group = "question", Layer = 1 },
                    new("heat", 100 * i)
                    {
                        Group = "question",
                        Layer = 1,
                        Head = 2,
                    },
                    new("heat", 7)
                    {
                        Group = "question",
                        Token = 5,
                        Text = "clock",
                    },
                    new("colour", 3),
                ]
            );

        summary
            .Figures.ToDictionary(figure => figure.Key, figure => figure.Value.Mean)
            .Should()
            .BeEquivalentTo(
                new Dictionary<FigureKey, double>
                {
                    [new("heat", null, "question", null, null)] = 1.5,
                    [new("heat", null, "question", 1, null)] = 15,
                    [new("heat", null, "question", 1, 2)] = 150,
                },
                "single tokens have no distribution, and colours are not reported"
            );
    }

    [Fact]
    public void The_questions_at_both_ends_are_kept_and_no_more()
    {
        var summary = new MeasureSummary(Description);
        foreach (var i in new[] { 5, 2, 8, 1, 9, 4, 7, 3, 6 })
            summary.Add(Row(i), [new("heat", i) { Group = "question" }, new("heat", -i) { Group = "context" }, new("size", i)]);

        var extremes = summary.Extremes.Should().ContainSingle("of the question's heat only").Subject;

        extremes.Key.Should().Be(new FigureKey("heat", null, "question", null, null));
        extremes.Least.Select(example => example.Row.Id).Should().Equal("q1", "q2", "q3");
        extremes.Greatest.Select(example => example.Value).Should().Equal(9, 8, 7);
    }

    [Fact]
    public void A_question_stands_at_one_end_only()
    {
        var summary = new MeasureSummary(Description);
        for (var i = 1; i <= 3; i++)
            summary.Add(Row(i), [new("heat", i) { Group = "question" }]);

        var extremes = summary.Extremes.Single();

        extremes.Least.Select(example => example.Value).Should().Equal(1, 2);
        extremes.Greatest.Select(example => example.Value).Should().Equal(3);
    }

    [Fact]
    public void Rows_that_failed_and_questions_without_answer_are_counted()
    {
        var summary = new MeasureSummary(Description);
        summary.Add(Row(1), []);
        summary.Add(Row(2, answer: ""), []);
        summary.Add(new RowError("empty-context", "line 3"));
        summary.Add(new RowError("empty-context", "line 4"));

        (summary.Questions, summary.WithoutAnswer).Should().Be((2, 1));
        summary.Errors.Should().Equal(new Dictionary<string, long> { ["empty-context"] = 2 });
    }
}
