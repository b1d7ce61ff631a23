using XDistilTorch.Reports.Plots;
using XDistilTorch.Training;

namespace XDistilTorch.Tests.Reports;

public class StepCurveTests
{
    private static StepCurve Curve(int steps, Func<long, double> loss) =>
        StepCurve.Of([.. Enumerable.Range(1, steps).Select(i => new TrainingStep(i, 0, loss(i), 0, 0, 0))], step => step.Loss);

    [Fact]
    public void One_step_that_stands_out_of_a_hundred_thousand_is_seen()
    {
        var curve = Curve(100_000, step => step == 54_321 ? 99 : 1);

        curve.Ranges.Should().HaveCount(400);
        curve.Ranges.Should().ContainSingle(range => range.Greatest == 99).Which.Should().Be((54_375.5, 1.0, 99.0)); // of the steps 54,251 to 54,500
        curve.Ranges.Should().OnlyContain(range => range.Least == 1);
    }

    [Fact]
    public void Means_are_of_as_many_steps_before_as_after()
    {
        var curve = Curve(100_000, step => step);

        curve.StepsPerMean.Should().Be(2_501);
        curve.Means.Skip(5).SkipLast(5).Should().OnlyContain(mean => mean.Mean == mean.Step);
        curve.Means[0].Should().Be((126, (1 + 126 + 1_250) / 2.0)); // only 125 steps before it
    }

    [Theory, InlineData(1, 1, 1), InlineData(79, 1, 1), InlineData(80, 1, 3), InlineData(400, 1, 11), InlineData(401, 2, 11)]
    public void Few_steps_are_drawn_as_they_are(int steps, int perRange, int perMean)
    {
        var curve = Curve(steps, step => 1.0 / step);

        (curve.StepsPerRange, curve.StepsPerMean).Should().Be((perRange, perMean));
        if (perRange == 1)
            curve.Ranges.Should().Equal(Enumerable.Range(1, steps).Select(step => ((double)step, 1.0 / step, 1.0 / step)));
    }

    [Fact]
    public void No_steps_are_no_curve() => Curve(0, _ => 0).Ranges.Should().BeEmpty();
}
