namespace XDistilTorch.Inspection.Comparison;

/// <summary>A figure over many questions, each counting once; beyond <see cref="Distribution.MostKept"/> all but the mean are those of a random sample of so many.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Low">5 % of the questions are below.</param>
/// <param name="Median">The median.</param>
/// <param name="High">5 % of the questions are above.</param>
public sealed record Spread(double Mean, double Low, double Median, double High)
{
    /// <summary>The spread of a distribution, as it is now.</summary>
    public static Spread Of(Distribution values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new Spread(values.Mean, values.Quantile(0.05), values.Quantile(0.5), values.Quantile(0.95));
    }
}
