using System.Text.Json;

namespace XDistilTorch.Evaluation;

public class CalibrationGoldenTests
{
    private const double Tolerance = 1e-9;

    private static JsonElement Expected => MetricsGolden.Read("calibration/expected.json");

    private static JsonElement[] Rows => [.. MetricsGolden.Read("calibration/rows.json").GetProperty("rows").EnumerateArray()];

    [Fact]
    public void The_fitted_temperature_and_its_figures_equal_the_reference()
    {
        var golden = Expected;
        var examples = Examples();

        var fit = TemperatureFit.Find(examples);

        var expected = golden.GetProperty("fitted").GetProperty("temperature").GetDouble();
        fit.Temperature.Should().BeApproximately(expected, expected * golden.GetProperty("temperature_tolerance").GetDouble());
        fit.NegativeLogLikelihood.Should().BeApproximately(golden.GetProperty("fitted").GetProperty("nll").GetDouble(), Tolerance);
        ShouldEqual(Diagram(examples, fit.Temperature), golden.GetProperty("fitted"));
    }

    [Fact]
    public void The_figures_without_calibration_equal_the_reference()
    {
        var golden = Expected.GetProperty("uncalibrated");
        var examples = Examples();
        var temperature = golden.GetProperty("temperature").GetDouble();

        TemperatureFit.LossAt(examples, temperature).Should().BeApproximately(golden.GetProperty("nll").GetDouble(), Tolerance);
        ShouldEqual(Diagram(examples, temperature), golden);
    }

    [Theory]
    [InlineData("exact", "em")]
    [InlineData("f1", "f1")]
    public void The_best_threshold_equals_the_reference(string name, string metric)
    {
        var golden = Expected.GetProperty("best_threshold").GetProperty(name);

        // The reference's differences are those of the decimals in the file.
        var best = BestThreshold.Find(
            Rows.Select(row => new ThresholdExample(
                (double)(row.GetProperty("null_score").GetDecimal() - row.GetProperty("score").GetDecimal()),
                row.GetProperty("has_answer").GetBoolean(),
                row.GetProperty(metric).GetDouble()
            ))
        );

        var threshold = golden.GetProperty("threshold");
        best.Threshold.Should().Be(threshold.ValueKind == JsonValueKind.Null ? null : threshold.GetDouble());
        best.Value.Should().BeApproximately(golden.GetProperty("value").GetDouble(), Tolerance);
        best.AllNullValue.Should().BeApproximately(golden.GetProperty("all_null_value").GetDouble(), Tolerance);
        best.NeverNullValue.Should().BeApproximately(golden.GetProperty("never_null_value").GetDouble(), Tolerance);
    }

    [Theory]
    [InlineData("em")]
    [InlineData("f1")]
    public void Means_of_resamples_and_their_percentiles_equal_the_reference(string metric)
    {
        var golden = Expected.GetProperty("bootstrap").GetProperty(metric);
        var values = Rows.Select(row => row.GetProperty(metric).GetDouble()).ToArray();
        int[][] resamples =
        [
            .. MetricsGolden
                .Read("calibration/resamples.json")
                .GetProperty("indices")
                .EnumerateArray()
                .Select(draw => draw.EnumerateArray().Select(index => index.GetInt32()).ToArray()),
        ];

        var means = Bootstrap.Means(values, resamples);
        var interval = Bootstrap.Interval(values, resamples);

        var expected = golden.GetProperty("resample_means").EnumerateArray().Select(mean => mean.GetDouble()).ToArray();
        means.Should().HaveSameCount(expected);
        means.Zip(expected, (mean, reference) => Math.Abs(mean - reference)).Max().Should().BeLessThan(Tolerance);
        interval.Mean.Should().BeApproximately(golden.GetProperty("mean_of_all_rows").GetDouble(), Tolerance);
        interval.Lower.Should().BeApproximately(golden.GetProperty("percentile_2.5").GetDouble(), Tolerance);
        interval.Upper.Should().BeApproximately(golden.GetProperty("percentile_97.5").GetDouble(), Tolerance);
    }

    private static ITemperatureExample[] Examples() =>
        [
            .. Rows.Select(row => new TwoWayExample(
                row.GetProperty("score").GetDouble() - row.GetProperty("null_score").GetDouble(),
                row.GetProperty("em").GetInt32() == 1
            )),
        ];

    private static ReliabilityDiagram Diagram(ITemperatureExample[] examples, double temperature) =>
        ReliabilityDiagram.Of(
            Array.ConvertAll(examples, example => new AnswerConfidence(example.At(1 / temperature).Probability, example.Happened))
        );

    private static void ShouldEqual(ReliabilityDiagram diagram, JsonElement golden)
    {
        diagram.ExpectedError.Should().BeApproximately(golden.GetProperty("ece").GetDouble(), Tolerance);
        diagram.MaximumError.Should().BeApproximately(golden.GetProperty("mce").GetDouble(), Tolerance);
        diagram.BrierScore.Should().BeApproximately(golden.GetProperty("brier").GetDouble(), Tolerance);
        var bins = golden.GetProperty("bins").EnumerateArray().ToArray();
        diagram.Bins.Should().HaveCount(bins.Length);
        foreach (var (bin, expected) in diagram.Bins.Zip(bins))
        {
            bin.Index.Should().Be(expected.GetProperty("bin").GetInt32());
            bin.Count.Should().Be(expected.GetProperty("count").GetInt32());
            ShouldBe(bin.Confidence, expected.GetProperty("confidence"));
            ShouldBe(bin.Accuracy, expected.GetProperty("accuracy"));
        }
    }

    private static void ShouldBe(double? value, JsonElement expected)
    {
        if (expected.ValueKind == JsonValueKind.Null)
            value.Should().BeNull();
        else
            value.Should().BeApproximately(expected.GetDouble(), Tolerance);
    }
}
