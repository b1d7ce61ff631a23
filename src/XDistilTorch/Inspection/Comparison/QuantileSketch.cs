namespace XDistilTorch.Inspection.Comparison;

/// <summary>
/// Quantiles of values from 0 on without keeping them: counts in bins whose bounds grow by a constant factor (DDSketch, Masson et al. 2019), so that a quantile is off by at most
/// <see cref="RelativeError"/> of itself, whatever the number and the order of the values.
/// </summary>
internal sealed class QuantileSketch
{
    public const double RelativeError = 0.005;

    // Below this everything is 0: rounding in double precision leaves as much.
    private const double Least = 1e-12;

    private static readonly double LogFactor = Math.Log((1 + RelativeError) / (1 - RelativeError));

    private readonly SortedDictionary<int, long> bins = [];
    private long zeros,
        count;

    public void Add(double value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        count++;
        if (value < Least)
            zeros++;
        else
            bins[BinOf(value)] = bins.GetValueOrDefault(BinOf(value)) + 1;
    }

    /// <summary>The value below which this share of the values is; of none, 0.</summary>
    public double Quantile(double share)
    {
        var rank = (long)Math.Floor(share * (count - 1));
        var below = zeros;
        if (rank < below || count == 0)
            return 0;
        foreach (var (bin, inBin) in bins)
            if (rank < (below += inBin))
                return Math.Exp(bin * LogFactor) * 2 / (1 + Math.Exp(LogFactor)); // as far from the one bound as from the other, relatively
        return 0;
    }

    // Bin i has the values in (factor^(i - 1), factor^i].
    private static int BinOf(double value) => (int)Math.Ceiling(Math.Log(value) / LogFactor);
}
