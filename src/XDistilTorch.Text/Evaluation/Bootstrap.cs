namespace XDistilTorch.Evaluation;

/// <summary>Percentile bootstrap of a mean: how far it might have come out differently on other questions of the same kind.</summary>
public static class Bootstrap
{
    /// <summary>The interval from means of resamples drawn with this seed.</summary>
    /// <param name="values">One value a question, for instance its F1, 0 to 1.</param>
    /// <param name="resamples">How many.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    /// <param name="level">The part of the means that the interval holds.</param>
    public static BootstrapInterval Interval(ReadOnlySpan<double> values, int resamples = 1000, ulong seed = 0, double level = 0.95) =>
        IntervalOf(values, Means(values, resamples, seed), level);

    /// <summary>The interval from means of resamples drawn elsewhere, for instance by another implementation.</summary>
    /// <param name="values">One value a question, 0 to 1.</param>
    /// <param name="resamples">The drawn indices of each resample.</param>
    /// <param name="level">The part of the means that the interval holds.</param>
    public static BootstrapInterval Interval(ReadOnlySpan<double> values, IReadOnlyList<int[]> resamples, double level = 0.95) =>
        IntervalOf(values, Means(values, resamples), level);

    /// <summary>The intervals of two values of the same questions, from the same resamples: the same as one by one, in little more than half the time.</summary>
    internal static (BootstrapInterval First, BootstrapInterval Second) Intervals(
        double[] first,
        double[] second,
        int resamples,
        ulong seed,
        double level = 0.95
    )
    {
        var (firstMeans, secondMeans) = Means(first, second, resamples, seed);
        return (IntervalOf(first, firstMeans, level), IntervalOf(second, secondMeans, level));
    }

    /// <summary>100 times the means of both values in each resample.</summary>
    internal static (double[] First, double[] Second) Means(double[] first, double[] second, int resamples, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        ArgumentOutOfRangeException.ThrowIfZero(first.Length, nameof(first));
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Length, first.Length);
        var draws = new ResampleDraws(seed);
        var (firstMeans, secondMeans) = (new double[resamples], new double[resamples]);
        for (var i = 0; i < resamples; i++)
        {
            double firstSum = 0,
                secondSum = 0;
            for (var j = 0; j < first.Length; j++)
            {
                var drawn = draws.Next(first.Length);
                firstSum += first[drawn];
                secondSum += second[drawn];
            }
            firstMeans[i] = 100 * (firstSum / first.Length);
            secondMeans[i] = 100 * (secondSum / first.Length);
        }
        return (firstMeans, secondMeans);
    }

    /// <summary>100 times the mean of each resample.</summary>
    public static double[] Means(ReadOnlySpan<double> values, IReadOnlyList<int[]> resamples)
    {
        var means = new double[resamples.Count];
        for (var i = 0; i < means.Length; i++)
        {
            double sum = 0;
            foreach (var index in resamples[i])
                sum += values[index];
            means[i] = 100 * (sum / resamples[i].Length);
        }
        return means;
    }

    /// <summary>100 times the mean of each of so many resamples of all values, drawn with this seed.</summary>
    public static double[] Means(ReadOnlySpan<double> values, int resamples, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        ArgumentOutOfRangeException.ThrowIfZero(values.Length, nameof(values));
        var draws = new ResampleDraws(seed);
        var means = new double[resamples];
        for (var i = 0; i < means.Length; i++)
        {
            double sum = 0;
            for (var j = 0; j < values.Length; j++)
                sum += values[draws.Next(values.Length)];
            means[i] = 100 * (sum / values.Length);
        }
        return means;
    }

    internal static BootstrapInterval IntervalOf(ReadOnlySpan<double> values, double[] means, double level)
    {
        if (level is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "expected a level between 0 and 1, for instance 0.95.");
        var sorted = means.Order().ToArray();
        var outside = (1 - level) / 2;
        return new(Mean(values), Percentile(sorted, outside), Percentile(sorted, 1 - outside), level);
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Length, nameof(values));
        double sum = 0;
        foreach (var value in values)
            sum += value;
        return 100 * (sum / values.Length);
    }

    // Linear between the neighbours of place q (n - 1).
    private static double Percentile(ReadOnlySpan<double> sorted, double q)
    {
        var place = q * (sorted.Length - 1);
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
