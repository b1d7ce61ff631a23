namespace XDistilTorch.Evaluation;

/// <summary>
/// McNemar's exact test of two sets of answers to the same questions: of the questions that only one of them got right, is the split between
/// the two what coin flips would give? Exact means the binomial distribution itself, two-sided, at every size; no continuity correction.
/// </summary>
/// <param name="OnlyFirst">Questions that only the first answered rightly.</param>
/// <param name="OnlySecond">Questions that only the second answered rightly.</param>
/// <param name="PValue">The probability of a split at least as uneven if both were equally good; 1 when there is no such question.</param>
public readonly record struct McNemarTest(int OnlyFirst, int OnlySecond, double PValue)
{
    /// <summary>The test for these counts.</summary>
    public static McNemarTest Of(int onlyFirst, int onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        return new(onlyFirst, onlySecond, TwoSided(Math.Min(onlyFirst, onlySecond), onlyFirst + onlySecond));
    }

    /// <summary>min(1, 2 P(X at most k)) for n fair coins.</summary>
    private static double TwoSided(int k, int n)
    {
        var log = -n * Math.Log(2); // of the probability of 0 heads; then of 1, 2, ...
        double tail = Math.Exp(log);
        for (var i = 1; i <= k; i++)
        {
            log += Math.Log((n - i + 1) / (double)i);
            tail += Math.Exp(log);
        }
        return Math.Min(1, 2 * tail);
    }
}
