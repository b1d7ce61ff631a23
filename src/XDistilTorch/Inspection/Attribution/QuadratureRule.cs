namespace XDistilTorch.Inspection.Attribution;

/// <summary>At which places between 0 and 1 an integral looks at its function, and how much each counts.</summary>
public sealed class QuadratureRule
{
    private QuadratureRule(string name, double[] nodes, double[] weights) => (Name, Nodes, Weights) = (name, nodes, weights);

    /// <summary>What reports call it.</summary>
    public string Name { get; }

    /// <summary>The places, within 0 to 1, ascending.</summary>
    public IReadOnlyList<double> Nodes { get; }

    /// <summary>What each counts; together 1.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>Gauss-Legendre: exact for polynomials of a degree below 2n, the ends left out.</summary>
    /// <param name="steps">n.</param>
    public static QuadratureRule GaussLegendre(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var (nodes, weights) = (new double[steps], new double[steps]);
        for (var i = 0; i < steps; i++)
        {
            var (root, slope) = Root(steps, Math.Cos(Math.PI * (steps - i - 0.25) / (steps + 0.5)));
            nodes[i] = (1 + root) / 2; // from [-1, 1] to [0, 1]
            weights[i] = 1 / ((1 - root * root) * slope * slope);
        }
        return new QuadratureRule("Gauss-Legendre", nodes, weights);
    }

    /// <summary>Trapezoids between equally spaced places, both ends included.</summary>
    /// <param name="steps">How many places, at least 2.</param>
    public static QuadratureRule Trapezoid(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        return new QuadratureRule(
            "trapezoid",
            [.. Enumerable.Range(0, steps).Select(i => i / (steps - 1.0))],
            [.. Enumerable.Range(0, steps).Select(i => (i == 0 || i == steps - 1 ? 0.5 : 1) / (steps - 1))]
        );
    }

    // Newton's method from the usual first guess, which is within reach of the right root for every degree.
    private static (double Root, double Slope) Root(int degree, double guess)
    {
        for (var round = 0; ; round++)
        {
            var (value, slope) = Legendre(degree, guess);
            var step = value / slope;
            guess -= step;
            if (Math.Abs(step) < 1e-15 || round == 100)
                return (guess, Legendre(degree, guess).Slope);
        }
    }

    private static (double Value, double Slope) Legendre(int degree, double x)
    {
        double before = 1,
            value = x;
        for (var n = 2; n <= degree; n++)
            (before, value) = (value, ((2 * n - 1) * x * value - (n - 1) * before) / n);
        return (value, degree * (x * value - before) / (x * x - 1));
    }
}
