using CsCheck;
using XDistilTorch.Inspection;

namespace XDistilTorch.Tests.Inspection;

public class DistributionTests
{
    private static Distribution Of(IEnumerable<double> values)
    {
        var distribution = new Distribution();
        foreach (var value in values)
            distribution.Add(value);
        return distribution;
    }

    [Fact]
    public void Quantiles_lie_between_neighbours_as_in_NumPy()
    {
        // numpy.quantile([3, 1, 4, 1.5, 9], [0, .05, .25, .5, .75, .95, 1])
        var distribution = Of([3, 1, 4, 1.5, 9]);

        new[] { 0, 0.05, 0.25, 0.5, 0.75, 0.95, 1 }
            .Select(distribution.Quantile)
            .Should()
            .Equal([1, 1.1, 1.5, 3, 4, 8, 9], (found, expected) => Math.Abs(found - expected) < 1e-12);
        (distribution.Count, distribution.Least, distribution.Greatest).Should().Be((5, 1, 9));
        distribution.Mean.Should().BeApproximately(3.7, 1e-12);
    }

    [Fact]
    public void Quantiles_may_be_asked_for_between_values()
    {
        Gen.Double[-100, 100]
            .List[1, 60]
            .Sample(values =>
            {
                var (asked, silent) = (new Distribution(), Of(values));
                foreach (var value in values)
                {
                    asked.Add(value);
                    asked.Quantile(0.3).Should().BeInRange(asked.Least, asked.Greatest);
                }
                asked.Kept.Should().Equal(silent.Kept).And.BeInAscendingOrder();
                asked.Mean.Should().BeApproximately(values.Average(), 1e-9);
            });
    }

    [Fact]
    public void Of_many_values_a_fair_sample_is_kept()
    {
        var distribution = Of(Enumerable.Range(0, 100_000).Select(i => (double)i));

        distribution.Kept.Should().HaveCount(Distribution.MostKept).And.OnlyHaveUniqueItems();
        (distribution.Count, distribution.Least, distribution.Greatest).Should().Be((100_000, 0, 99_999));
        distribution.Mean.Should().BeApproximately(49_999.5, 1e-6);
        // The standard deviation of a quantile q of 1000 of them is 100,000 * sqrt(q (1 - q) / 1000): 690 at the ends, 1581 in the middle.
        distribution.Quantile(0.05).Should().BeApproximately(5_000, 3 * 690);
        distribution.Quantile(0.5).Should().BeApproximately(50_000, 3 * 1581);
        distribution.Quantile(0.95).Should().BeApproximately(95_000, 3 * 690);
    }

    [Fact]
    public void What_is_no_number_is_refused()
    {
        var distribution = new Distribution();

        distribution.Invoking(it => it.Add(double.NaN)).Should().Throw<ArgumentOutOfRangeException>();
        distribution.Invoking(it => it.Quantile(1.1)).Should().Throw<ArgumentOutOfRangeException>();
        distribution.Quantile(0.5).Should().Be(double.NaN, "there is none yet");
    }
}
