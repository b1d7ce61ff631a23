using CsCheck;

namespace XDistilTorch.Evaluation;

public class CalibrationTests
{
    private static readonly Gen<ThresholdExample> Example =
        from odds in Gen.Int[-4, 4]
        from hasAnswer in Gen.Bool
        from quarters in Gen.Int[0, 4]
        select new ThresholdExample(odds / 2.0, hasAnswer, hasAnswer ? quarters / 4.0 : 0);

    private static readonly Gen<AnswerConfidence> Confidence =
        from probability in Gen.Int[0, 20]
        from isRight in Gen.Bool
        select new AnswerConfidence(probability / 20.0, isRight);

    // Integers as logits of each outcome: right and wrong answers mixed, so that there is a best temperature as a rule.
    private static readonly Gen<ManyWayExample> ManyWay =
        from first in Gen.Int[-6, 6].Array[1, 4]
        from others in Gen.Int[-6, 6].Array[1, 4]
        from happened in Gen.Bool
        select new ManyWayExample(Array.ConvertAll(first, s => (double)s), Array.ConvertAll(others, s => (double)s), happened);

    [Fact]
    public void The_best_threshold_is_the_smallest_best_of_all_that_can_be_tried() =>
        Example
            .Array[1, 40]
            .Sample(examples =>
            {
                var best = BestThreshold.Find(examples);

                double?[] candidates =
                [
                    null,
                    .. examples.Select(example => example.NullOdds).Distinct().Order().Select(odds => (double?)odds),
                ];
                best.Threshold.Should().Be(candidates.MaxBy(threshold => Under(examples, threshold)));
                best.Value.Should().BeApproximately(Under(examples, best.Threshold), 1e-12);
                best.AllNullValue.Should().BeApproximately(Under(examples, null), 1e-12);
                best.NeverNullValue.Should().BeApproximately(Under(examples, double.PositiveInfinity), 1e-12);
            });

    [Fact]
    public void No_other_temperature_is_more_likely_than_the_fitted_one() =>
        ManyWay
            .Array[1, 25]
            .Sample(examples =>
            {
                if (Fit(examples) is not { } fit)
                    return;
                for (var log = -4.2; log <= 4.2; log += 0.35)
                    TemperatureFit.LossAt(examples, Math.Exp(log)).Should().BeGreaterThanOrEqualTo(fit.NegativeLogLikelihood - 1e-12);
                foreach (var beside in new[] { 0.99, 1.01 })
                    TemperatureFit
                        .LossAt(examples, fit.Temperature * beside)
                        .Should()
                        .BeGreaterThanOrEqualTo(fit.NegativeLogLikelihood - 1e-12);
            });

    [Fact]
    public void The_slope_of_log_odds_is_their_derivative_and_one_outcome_a_side_is_the_two_way_case() =>
        Gen.Select(ManyWay, Gen.Double[0.1, 3])
            .Sample(
                (example, inverse) =>
                {
                    const double Step = 1e-5;
                    var difference = (example.At(inverse + Step).Value - example.At(inverse - Step).Value) / (2 * Step);
                    example.At(inverse).Slope.Should().BeApproximately(difference, 1e-6);
                    new ManyWayExample([3], [1], true)
                        .At(inverse)
                        .Value.Should()
                        .BeApproximately(new TwoWayExample(2, true).At(inverse).Value, 1e-12);
                }
            );

    [Fact]
    public void Logits_twice_as_large_have_twice_the_temperature()
    {
        (double Margin, bool Happened)[] rows = [(2, true), (1, true), (0.5, false), (-1, false), (-2, true), (3, true)];

        var fit = TemperatureFit.Find([.. rows.Select(row => new TwoWayExample(row.Margin, row.Happened))]);
        var twice = TemperatureFit.Find([.. rows.Select(row => new TwoWayExample(2 * row.Margin, row.Happened))]);

        twice.Temperature.Should().BeApproximately(2 * fit.Temperature, 1e-9);
        twice.NegativeLogLikelihood.Should().BeApproximately(fit.NegativeLogLikelihood, 1e-12);
    }

    [Fact]
    public void Answers_that_follow_their_scores_perfectly_have_no_temperature()
    {
        var fit = () => TemperatureFit.Find([new TwoWayExample(1, true), new TwoWayExample(-1, false)]);

        fit.Should().Throw<DataException>().WithMessage("no temperature*2 answers (1 of them right)*more questions*");
    }

    [Fact]
    public void What_is_certain_at_every_temperature_does_not_move_it()
    {
        ITemperatureExample[] rows = [new TwoWayExample(2, true), new TwoWayExample(1, false), new TwoWayExample(0.5, true)];

        var fit = TemperatureFit.Find([.. rows, new ManyWayExample([1], [], happened: false)]);

        fit.Temperature.Should().BeApproximately(TemperatureFit.Find(rows).Temperature, 1e-12);
        fit.NegativeLogLikelihood.Should().Be(double.PositiveInfinity);
    }

    [Fact]
    public void Every_answer_is_in_one_bin_and_the_expected_error_is_at_most_the_largest() =>
        Gen.Select(Confidence.Array[1, 60], Gen.Int[1, 20])
            .Sample(
                (answers, bins) =>
                {
                    var diagram = ReliabilityDiagram.Of(answers, bins);

                    diagram.Bins.Should().HaveCount(bins);
                    diagram.Bins.Sum(bin => bin.Count).Should().Be(answers.Length);
                    diagram.ExpectedError.Should().BeInRange(0, diagram.MaximumError + 1e-12);
                }
            );

    [Fact]
    public void Coverage_is_the_most_that_any_cut_keeps_at_the_accuracy() =>
        Gen.Select(Confidence.Array[1, 40], Gen.Int[0, 10].Select(tenths => tenths / 10.0))
            .Sample(
                (answers, accuracy) =>
                {
                    var coverage = AnswerCoverage.At(answers, accuracy);

                    var most = answers
                        .Select(cut => answers.Where(answer => answer.Probability >= cut.Probability).ToArray())
                        .Where(kept => kept.Count(answer => answer.IsRight) / (double)kept.Length >= accuracy)
                        .Select(kept => kept.Length)
                        .DefaultIfEmpty(0)
                        .Max();
                    coverage.Count.Should().Be(most);
                    coverage.Share.Should().Be(most / (double)answers.Length);
                }
            );

    [Fact]
    public void What_is_no_number_is_refused()
    {
        ((Action)(() => BestThreshold.Find([new(double.NaN, true, 1)]))).Should().Throw<ArgumentException>();
        ((Action)(() => BestThreshold.Find([]))).Should().Throw<ArgumentException>();
        ((Action)(() => ReliabilityDiagram.Of([new(1.5, true)]))).Should().Throw<ArgumentException>().WithMessage("*1.5*0 to 1*");
        ((Action)(() => AnswerCoverage.At([], 0.8))).Should().Throw<ArgumentException>();
        ((Action)(() => TemperatureFit.Find([]))).Should().Throw<ArgumentException>();
        ((Action)(() => _ = new ManyWayExample([double.NaN], [], true))).Should().Throw<ArgumentException>();
    }

    private static TemperatureFit? Fit(ManyWayExample[] examples)
    {
        try
        {
            return TemperatureFit.Find(examples);
        }
        catch (DataException)
        {
            return null; // separable: the best temperature is 0 or infinite
        }
    }

    private static double Under(ThresholdExample[] examples, double? threshold) =>
        100
        * examples.Average(example =>
            threshold is null || example.NullOdds > threshold ? (example.HasAnswer ? 0 : 1)
            : example.HasAnswer ? example.Value
            : 0
        );
}
