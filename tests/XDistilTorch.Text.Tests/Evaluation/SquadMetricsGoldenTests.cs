using System.Globalization;
using System.Text.Json;
using XDistilTorch.Testing;

namespace XDistilTorch.Evaluation;

public class SquadMetricsGoldenTests
{
    private const double Tolerance = 1e-9;
    private const string ThresholdMark = "_threshold_";

    /// <summary>The runs under v2.0: "no_scores", "missing", else a score file's name and perhaps "_threshold_" and the threshold.</summary>
    public static IEnumerable<TheoryDataRow<string>> Runs() =>
        GoldenFolder.Has($"{MetricsGolden.Folder}/expected.json")
            ? MetricsGolden.Read("expected.json").GetProperty("v2.0").EnumerateObject().Select(run => new TheoryDataRow<string>(run.Name))
            : [];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Runs))]
    public void The_figures_of_2_0_equal_the_official_ones(string run)
    {
        var expected = MetricsGolden.Read("expected.json").GetProperty("v2.0").GetProperty(run);
        var isMissing = run == "missing";

        var evaluation = Squad2Metrics.Evaluate(
            MetricsGolden.Questions("dataset.json"),
            MetricsGolden.Predictions(isMissing ? "predictions_missing.json" : "predictions.json"),
            OptionsOf(run) with
            {
                AllowMissing = isMissing,
            }
        );

        ShouldEqual(JsonDocument.Parse(evaluation.Figures.ToJson()).RootElement, expected);
        if (isMissing)
            evaluation.MissingIds.Should().BeEquivalentTo(MetricsGolden.Strings(expected.GetProperty("missing")));
        else
            evaluation.MissingIds.Should().BeEmpty();
    }

    [Fact]
    public void The_figures_of_1_1_equal_the_official_ones()
    {
        var expected = MetricsGolden.Read("expected.json").GetProperty("v1.1");

        var evaluation = Squad1Metrics.Evaluate(
            MetricsGolden.Questions("dataset_v1.1.json"),
            MetricsGolden.Predictions("predictions_v1.1.json")
        );

        ShouldEqual(JsonDocument.Parse(evaluation.Figures.ToJson()).RootElement, expected);
        evaluation.MissingIds.Should().BeEquivalentTo(MetricsGolden.Strings(expected.GetProperty("missing")));
    }

    [Fact]
    public void Every_question_has_the_official_score()
    {
        var expected = MetricsGolden.Read("expected.json").GetProperty("per_question");

        var scores = Squad2Metrics
            .Evaluate(MetricsGolden.Questions("dataset.json"), MetricsGolden.Predictions("predictions.json"))
            .Questions;

        scores.Should().HaveCount(expected.EnumerateObject().Count());
        foreach (var score in scores)
        {
            var golden = expected.GetProperty(score.Id);
            score.Exact.Should().Be(golden.GetProperty("exact").GetInt32(), score.Id);
            score.F1.Should().BeApproximately(golden.GetProperty("f1").GetDouble(), Tolerance, score.Id);
            score.HasAnswer.Should().Be(golden.GetProperty("has_answer").GetBoolean(), score.Id);
        }
    }

    [Fact]
    public void Every_pair_has_the_official_scores_of_both_versions()
    {
        var cases = MetricsGolden.Read("pairs.json").GetProperty("cases").EnumerateArray().ToArray();

        cases.Should().NotBeEmpty();
        foreach (var golden in cases)
        {
            var prediction = golden.GetProperty("prediction").GetString()!;
            var golds = MetricsGolden.Strings(golden.GetProperty("golds"));

            ShouldBe(Squad2Metrics.Score(prediction, golds), golden, "v2");
            if (golden.GetProperty("em_v1").ValueKind == JsonValueKind.Null)
                FluentActions.Invoking(() => Squad1Metrics.Score(prediction, golds)).Should().Throw<ArgumentException>();
            else
                ShouldBe(Squad1Metrics.Score(prediction, golds), golden, "v1");
        }
    }

    private static Squad2Options OptionsOf(string run)
    {
        var parts = run.Split(ThresholdMark);
        var file = $"{parts[0]}.json";
        return new()
        {
            NoAnswerScores = GoldenFolder.Has($"{MetricsGolden.Folder}/{file}") ? MetricsGolden.Scores(file) : null,
            NoAnswerThreshold = parts.Length > 1 ? double.Parse(parts[1], CultureInfo.InvariantCulture) : 1.0,
        };
    }

    private static void ShouldBe(AnswerScore score, JsonElement golden, string version)
    {
        score.Exact.Should().Be(golden.GetProperty($"em_{version}").GetInt32(), golden.GetRawText());
        score.F1.Should().BeApproximately(golden.GetProperty($"f1_{version}").GetDouble(), Tolerance, golden.GetRawText());
    }

    /// <summary>The same names in the same order; thresholds and totals exactly.</summary>
    private static void ShouldEqual(JsonElement figures, JsonElement expected)
    {
        var golden = expected.EnumerateObject().Where(entry => entry.Name != "missing").ToArray();
        figures.EnumerateObject().Select(entry => entry.Name).Should().Equal(golden.Select(entry => entry.Name));
        foreach (var entry in golden)
            if (entry.Name.EndsWith("thresh", StringComparison.Ordinal) || entry.Name.EndsWith("total", StringComparison.Ordinal))
                figures.GetProperty(entry.Name).GetDouble().Should().Be(entry.Value.GetDouble(), entry.Name);
            else
                figures.GetProperty(entry.Name).GetDouble().Should().BeApproximately(entry.Value.GetDouble(), Tolerance, entry.Name);
    }
}
