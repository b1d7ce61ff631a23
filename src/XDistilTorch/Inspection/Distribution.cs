using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace XDistilTorch.Inspection;

/// <summary>
/// How a figure is distributed over questions, in bounded memory: count, mean, least and greatest are of all values; quantiles are of all up to <see cref="MostKept"/>, beyond that
/// of a random sample of so many. The same values in the same order give the same distribution. For one thread.
/// </summary>
public sealed class Distribution
{
    /// <summary>How many values are kept.</summary>
    public const int MostKept = 1000;

    private readonly List<double> kept = [];
    private bool isSorted = true;

    /// <summary>How many values there were.</summary>
    public long Count { get; private set; }

    /// <summary>Their mean; NaN without any.</summary>
    public double Mean { get; private set; } = double.NaN;

    /// <summary>The least; infinity without any.</summary>
    public double Least { get; private set; } = double.PositiveInfinity;

    /// <summary>The greatest; minus infinity without any.</summary>
    public double Greatest { get; private set; } = double.NegativeInfinity;

    /// <summary>The values kept, ascending.</summary>
    public IReadOnlyList<double> Kept
    {
        get
        {
            if (!isSorted)
                kept.Sort();
            isSorted = true;
            return kept;
        }
    }

    /// <summary>Takes a value into account.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no finite number.</exception>
    public void Add(double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "expected a finite number");
        Count++;
        Mean = Count == 1 ? value : Mean + ((value - Mean) / Count);
        (Least, Greatest) = (Math.Min(Least, value), Math.Max(Greatest, value));
        // Vitter's algorithm R: after n values each of them is kept with the same probability. Which of those kept goes is random, so they may be sorted in between.
        if (Count <= MostKept)
            kept.Add(value);
        else if (Draw(Count) is var place and < MostKept)
            kept[(int)place] = value;
        isSorted = false;
    }

    /// <summary>The value below which a share of the values lies, between neighbours by linear interpolation; NaN without any.</summary>
    /// <param name="share">0 to 1.</param>
    public double Quantile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        if (Count == 0)
            return double.NaN;
        var place = share * (Kept.Count - 1);
        var (below, part) = ((int)place, place - Math.Floor(place));
        return below + 1 < Kept.Count ? Kept[below] + (part * (Kept[below + 1] - Kept[below])) : Kept[^1];
    }

    // By hashes, whose values are the same in every version of .NET; those of a seeded Random are no promise.
    private static long Draw(long below) => (long)(XxHash3.HashToUInt64(MemoryMarshal.AsBytes<long>([below])) % (ulong)below);
}
