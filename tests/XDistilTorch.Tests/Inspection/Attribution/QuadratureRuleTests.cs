using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Tests.Inspection.Attribution;

public class QuadratureRuleTests
{
    [Fact]
    public void Three_steps_of_Gauss_Legendre_are_the_textbooks()
    {
        var rule = QuadratureRule.GaussLegendre(3);

        double[] nodes = [(1 - Math.Sqrt(0.6)) / 2, 0.5, (1 + Math.Sqrt(0.6)) / 2];
        for (var i = 0; i < 3; i++)
        {
            rule.Nodes[i].Should().BeApproximately(nodes[i], 1e-15);
            rule.Weights[i].Should().BeApproximately((i == 1 ? 8.0 : 5.0) / 18, 1e-15);
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(7), InlineData(50), InlineData(300)]
    public void Gauss_Legendre_is_exact_for_polynomials_of_its_degree(int steps)
    {
        var rule = QuadratureRule.GaussLegendre(steps);

        rule.Nodes.Should().BeInAscendingOrder().And.OnlyContain(node => node > 0 && node < 1);
        for (var power = 0; power < 2 * steps; power++)
            Integral(rule, power).Should().BeApproximately(1.0 / (power + 1), 1e-13);
    }

    [Fact]
    public void Trapezoids_are_exact_for_lines_and_close_in_on_curves()
    {
        Integral(QuadratureRule.Trapezoid(5), 0).Should().BeApproximately(1, 1e-15);
        Integral(QuadratureRule.Trapezoid(5), 1).Should().BeApproximately(0.5, 1e-15);
        Integral(QuadratureRule.Trapezoid(1001), 3).Should().BeApproximately(0.25, 1e-6);
    }

    [Fact]
    public void Rules_without_a_step_are_refused()
    {
        FluentActions.Invoking(() => QuadratureRule.GaussLegendre(0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => QuadratureRule.Trapezoid(1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static double Integral(QuadratureRule rule, int power) =>
        rule.Nodes.Zip(rule.Weights, (node, weight) => Math.Pow(node, power) * weight).Sum();
}
