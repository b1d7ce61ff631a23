namespace XDistilTorch.Evaluation;

/// <summary>
/// The null threshold under which a development set comes out best: no answer if and only if the null odds are above it, strictly.
/// Unlike <c>best_f1_thresh</c> of the official script, questions of equal odds are decided alike, so the value is one that the threshold
/// really gives.
/// </summary>
public sealed record BestThreshold
{
    /// <summary>The smallest of the best; null when declining every question is best.</summary>
    public required double? Threshold { get; init; }

    /// <summary>The mean under it, 0 to 100.</summary>
    public required double Value { get; init; }

    /// <summary>The mean when every question is declined.</summary>
    public required double AllNullValue { get; init; }

    /// <summary>The mean when none is.</summary>
    public required double NeverNullValue { get; init; }

    /// <summary>Tries every odds that occur. The order of the examples does not matter.</summary>
    /// <exception cref="ArgumentException">No example, or one whose odds or value are not a number.</exception>
    public static BestThreshold Find(IEnumerable<ThresholdExample> examples)
    {
        var sorted = examples.OrderBy(example => example.NullOdds).ToArray();
        Check(sorted);

        // Sums in decimal: exact, so that of equally good thresholds the smallest is found whatever the order of the additions.
        decimal declined = sorted.Count(example => !example.HasAnswer);
        var (current, best) = (declined, declined);
        double? threshold = null;
        for (var i = 0; i < sorted.Length; i++)
        {
            current += sorted[i].HasAnswer ? (decimal)sorted[i].Value : -1;
            if (i + 1 < sorted.Length && sorted[i + 1].NullOdds == sorted[i].NullOdds)
                continue;
            if (current > best)
                (best, threshold) = (current, sorted[i].NullOdds);
        }
        return new()
        {
            Threshold = threshold,
            Value = Percent(best, sorted.Length),
            AllNullValue = Percent(declined, sorted.Length),
            NeverNullValue = Percent(current, sorted.Length),
        };
    }

    private static double Percent(decimal sum, int count) => (double)(100 * sum / count);

    private static void Check(ThresholdExample[] examples)
    {
        if (examples.Length == 0)
            throw new ArgumentException("no examples; a threshold needs at least one.", nameof(examples));
        foreach (var example in examples)
            if (double.IsNaN(example.NullOdds) || example.Value is not (>= 0 and <= 1))
                throw new ArgumentException($"{example}: expected odds that are a number and a value from 0 to 1.", nameof(examples));
    }
}
