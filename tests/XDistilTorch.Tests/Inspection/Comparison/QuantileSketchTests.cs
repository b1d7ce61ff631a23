using CsCheck;
using XDistilTorch.Inspection.Comparison;

namespace XDistilTorch.Tests.Inspection.Comparison;

public class QuantileSketchTests
{
    [Fact]
    public void Quantiles_are_those_of_all_values_within_the_stated_error() =>
        Gen.Select(Gen.Double[1e-9, 2].Array[1, 400], Gen.Double[0, 1])
            .Sample(
                t =>
                {
                    var (values, share) = t;
                    var sketch = new QuantileSketch();
                    foreach (var value in values)
                        sketch.Add(value);

                    var exact = values.Order().ElementAt((int)Math.Floor(share * (values.Length - 1)));

                    sketch.Quantile(share).Should().BeApproximately(exact, exact * QuantileSketch.RelativeError * 1.0001);
                },
                iter: 300
            );

    [Fact]
    public void Zeros_and_what_rounding_leaves_of_them_count_as_zero()
    {
        var sketch = new QuantileSketch();
        foreach (var value in new[] { 0, 1e-16, 0, 0.5 })
            sketch.Add(value);

        sketch.Quantile(0.5).Should().Be(0);
        sketch.Quantile(1).Should().BeApproximately(0.5, 0.5 * QuantileSketch.RelativeError);
        new QuantileSketch().Quantile(0.5).Should().Be(0, "there is nothing");
    }
}
