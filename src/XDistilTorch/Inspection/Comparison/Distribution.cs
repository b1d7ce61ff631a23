namespace XDistilTorch.Inspection.Comparison;

/// <summary>A figure over many questions, each counting once.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Low">5 % of the questions are below.</param>
/// <param name="Median">The median.</param>
/// <param name="High">5 % of the questions are above.</param>
/// <remarks>Quantiles are off by at most 0.5 % of the distance from 0 (divergences) or from 1 (similarities): they are read from a sketch, not from all values.</remarks>
public sealed record Distribution(double Mean, double Low, double Median, double High);

/// <summary>A distribution in the making; what it holds does not grow with the questions.</summary>
internal sealed class RunningDistribution
{
    private readonly QuantileSketch sketch = new();
    private double sum;
    private long count;

    public void Add(double value)
    {
        sum += value;
        count++;
        sketch.Add(Math.Max(0, value));
    }

    /// <summary>The values' own distribution.</summary>
    public Distribution OfValues() => new(sum / count, sketch.Quantile(0.05), sketch.Quantile(0.5), sketch.Quantile(0.95));

    /// <summary>The distribution of 1 minus the values: cosines crowd at 1, where their distance from it is what tells them apart.</summary>
    public Distribution OfOneMinusValues() =>
        new(1 - (sum / count), 1 - sketch.Quantile(0.95), 1 - sketch.Quantile(0.5), 1 - sketch.Quantile(0.05));
}
