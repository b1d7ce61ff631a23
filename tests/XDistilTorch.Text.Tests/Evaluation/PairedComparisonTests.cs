using CsCheck;

namespace XDistilTorch.Evaluation;

public class PairedComparisonTests
{
    private static readonly Gen<QuestionScore[]> Scores = Gen.Select(Gen.Bool, Gen.Int[0, 4])
        .Array[20]
        .Select(rows =>
            rows.Select((row, i) => new QuestionScore($"q{i}", true, row.Item1 ? 1 : 0, row.Item1 ? 1 : row.Item2 / 4.0)).ToArray()
        );

    // Sums of binomial coefficients as exact fractions (Python's math.comb and fractions).
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(5, 5, 1)]
    [InlineData(3, 9, 0.14599609375)]
    [InlineData(10, 25, 0.01667384780012071)]
    [InlineData(0, 12, 0.00048828125)]
    [InlineData(410, 482, 0.017393092596325474)]
    [InlineData(5300, 5000, 0.003215819673645239)]
    public void McNemars_p_value_is_the_binomial_one(int onlyFirst, int onlySecond, double expected) =>
        McNemarTest.Of(onlyFirst, onlySecond).PValue.Should().BeApproximately(expected, 1e-10);

    [Fact]
    public void Answers_compared_with_themselves_do_not_differ() =>
        Scores.Sample(scores =>
        {
            var comparison = PairedComparison.Of(scores, scores, resamples: 50);

            comparison.F1.Should().Be(new BootstrapInterval(0, 0, 0, 0.95));
            (comparison.ExactPValue, comparison.F1PValue, comparison.McNemar.PValue).Should().Be((1, 1, 1));
        });

    [Fact]
    public void The_other_way_round_the_differences_change_sign_and_the_order_of_the_second_does_not_matter() =>
        Gen.Select(Scores, Scores)
            .Sample(
                (first, second) =>
                {
                    var comparison = PairedComparison.Of(first, [.. second.Reverse()], resamples: 50);
                    var swapped = PairedComparison.Of(second, first, resamples: 50);

                    swapped.F1.Mean.Should().BeApproximately(-comparison.F1.Mean, 1e-9);
                    swapped.F1.Lower.Should().BeApproximately(-comparison.F1.Upper, 1e-9);
                    swapped.ExactPValue.Should().Be(comparison.ExactPValue);
                    swapped.McNemar.PValue.Should().Be(comparison.McNemar.PValue);
                    comparison.McNemar.OnlyFirst.Should().Be(first.Zip(second).Count(pair => pair.First.Exact > pair.Second.Exact));
                }
            );

    [Fact]
    public void A_clear_difference_is_seen_and_its_mean_is_that_of_the_figures()
    {
        var first = Enumerable.Range(0, 200).Select(i => new QuestionScore($"q{i}", true, i % 2, i % 2)).ToArray();
        var second = Array.ConvertAll(first, score => score with { Exact = 1, F1 = 1 });

        var comparison = PairedComparison.Of(first, second);

        comparison.Exact.Mean.Should().Be(50);
        comparison.Exact.Lower.Should().BeInRange(40, 50);
        comparison.ExactPValue.Should().BeApproximately(2 / 1001.0, 1e-12);
        comparison.McNemar.OnlySecond.Should().Be(100);
    }

    [Fact]
    public void Answers_to_other_questions_are_refused()
    {
        QuestionScore[] first = [new("q1", true, 1, 1), new("q2", true, 1, 1)];
        QuestionScore[] second = [new("q1", true, 1, 1), new("q3", true, 1, 1)];

        var compare = () => PairedComparison.Of(first, second);

        compare.Should().Throw<DataException>().WithMessage("*2 questions, the second 2, 1 in common ('q2'*same questions*");
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval_and_another_another()
    {
        double[] values = [.. Enumerable.Range(0, 100).Select(i => i % 7 / 7.0)];

        Bootstrap.Interval(values, seed: 3).Should().Be(Bootstrap.Interval(values, seed: 3)).And.NotBe(Bootstrap.Interval(values, seed: 4));
        Bootstrap.Interval(values, resamples: 1).Should().Match<BootstrapInterval>(interval => interval.Lower == interval.Upper);
    }

    [Fact]
    public void Resamples_draw_every_value_about_equally_often()
    {
        var draws = new ResampleDraws(1);
        var counts = new int[10];
        for (var i = 0; i < 100_000; i++)
            counts[draws.Next(10)]++;

        counts.Should().OnlyContain(count => count > 9_500 && count < 10_500);
    }
}
