namespace XDistilTorch.Inspection.Attribution;

/// <summary>Spearman's rank correlation: how far two lists put the same things in the same order.</summary>
public static class RankCorrelation
{
    /// <summary>From -1, turned round, to 1, the same; equal values share the mean of their ranks. Null where one of the lists is constant or shorter than 2.</summary>
    /// <param name="first">One value a thing; no NaN.</param>
    /// <param name="second">As many.</param>
    public static double? Spearman(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Count, first.Count, nameof(second));
        var (a, b) = (Ranks(first), Ranks(second));
        var mean = (first.Count - 1) / 2.0;
        double together = 0,
            alone = 0,
            other = 0;
        for (var i = 0; i < a.Length; i++)
        {
            together += (a[i] - mean) * (b[i] - mean);
            alone += (a[i] - mean) * (a[i] - mean);
            other += (b[i] - mean) * (b[i] - mean);
        }
        return alone > 0 && other > 0 ? together / Math.Sqrt(alone * other) : null;
    }

    private static double[] Ranks(IReadOnlyList<double> values)
    {
        int[] order = [.. Enumerable.Range(0, values.Count).OrderBy(i => values[i])];
        var ranks = new double[order.Length];
        for (var from = 0; from < order.Length; )
        {
            var to = from + 1;
            while (to < order.Length && values[order[to]] == values[order[from]])
                to++;
            for (var i = from; i < to; i++)
                ranks[order[i]] = (from + to - 1) / 2.0;
            from = to;
        }
        return ranks;
    }
}
