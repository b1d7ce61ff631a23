namespace XDistilTorch.Evaluation;

/// <summary>Two sets of answers to the same questions, question by question; differences are second minus first.</summary>
public sealed record PairedComparison
{
    /// <summary>How many questions both have.</summary>
    public required int Total { get; init; }

    /// <summary>The difference of exact matches, in points, with its bootstrap interval.</summary>
    public required BootstrapInterval Exact { get; init; }

    /// <summary>Twice the share of resamples in which the difference of exact matches vanishes or has the other sign, at most 1.</summary>
    public required double ExactPValue { get; init; }

    /// <summary>The difference of F1, in points, with its bootstrap interval.</summary>
    public required BootstrapInterval F1 { get; init; }

    /// <summary>As <see cref="ExactPValue"/>, for F1.</summary>
    public required double F1PValue { get; init; }

    /// <summary>The exact test on exact matches.</summary>
    public required McNemarTest McNemar { get; init; }

    /// <summary>Compares.</summary>
    /// <param name="first">Scores of the first set.</param>
    /// <param name="second">Scores of the second, of the same questions in any order.</param>
    /// <param name="resamples">How many bootstrap resamples.</param>
    /// <param name="seed">The same seed gives the same figures.</param>
    /// <param name="level">The part of the resamples that an interval holds.</param>
    /// <exception cref="DataException">The two are not of the same questions.</exception>
    public static PairedComparison Of(
        IReadOnlyList<QuestionScore> first,
        IReadOnlyList<QuestionScore> second,
        int resamples = 1000,
        ulong seed = 0,
        double level = 0.95
    )
    {
        var partners = Partners(first, second);
        var exact = first.Select((score, i) => (double)(partners[i].Exact - score.Exact)).ToArray();
        var f1 = first.Select((score, i) => partners[i].F1 - score.F1).ToArray();
        var (exactMeans, f1Means) = Bootstrap.Means(exact, f1, resamples, seed);
        return new()
        {
            Total = first.Count,
            Exact = Bootstrap.IntervalOf(exact, exactMeans, level),
            ExactPValue = PValue(exactMeans),
            F1 = Bootstrap.IntervalOf(f1, f1Means, level),
            F1PValue = PValue(f1Means),
            McNemar = McNemarTest.Of(exact.Count(difference => difference < 0), exact.Count(difference => difference > 0)),
        };
    }

    private static QuestionScore[] Partners(IReadOnlyList<QuestionScore> first, IReadOnlyList<QuestionScore> second)
    {
        var byId = second.ToDictionary(score => score.Id, StringComparer.Ordinal);
        var alone = first.Where(score => !byId.ContainsKey(score.Id)).Select(score => score.Id).ToArray();
        if (first.Count == 0 || alone.Length > 0 || first.Count != second.Count)
            throw new DataException(
                $"the first set answers {first.Count} questions, the second {second.Count}, {first.Count - alone.Length} in common"
                    + (alone.Length > 0 ? $" ('{alone[0]}' is only in the first)" : "")
                    + "; a paired comparison needs the same questions in both, at least one. Compare the predictions of one data set."
            );
        return [.. first.Select(score => byId[score.Id])];
    }

    // The resample "as it came" counts as one, so that no p-value is 0.
    private static double PValue(double[] means)
    {
        var notAbove = (1 + means.Count(mean => mean <= 0)) / (means.Length + 1.0);
        var notBelow = (1 + means.Count(mean => mean >= 0)) / (means.Length + 1.0);
        return Math.Min(1, 2 * Math.Min(notAbove, notBelow));
    }
}
