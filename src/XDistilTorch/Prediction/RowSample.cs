using System.IO.Hashing;
using System.Runtime.InteropServices;
using XDistilTorch.Data;

namespace XDistilTorch.Prediction;

/// <summary>A random choice of a file's rows, in one reading and in memory for the rows chosen only.</summary>
public static class RowSample
{
    /// <summary>Chooses rows. The same file, count and seed give the same rows everywhere; a larger count adds to them.</summary>
    /// <param name="items">The data.</param>
    /// <param name="count">How many; all where there are fewer.</param>
    /// <param name="seed">Which.</param>
    /// <param name="stop">Looked at before every row.</param>
    /// <returns>The numbers of the rows, from 1, faulty rows counted.</returns>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static IReadOnlySet<long> Of(IEnumerable<DataItem> items, int count, int seed, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var chosen = new PriorityQueue<long, ulong>(Comparer<ulong>.Create((a, b) => b.CompareTo(a))); // the greatest hash comes out first
        var number = 0L;
        foreach (var item in items)
        {
            stop.ThrowIfCancellationRequested();
            if (!item.IsRow)
                continue;
            number++;
            chosen.Enqueue(number, Hash(seed, number));
            if (chosen.Count > count)
                chosen.Dequeue();
        }
        return new SortedSet<long>(chosen.UnorderedItems.Select(item => item.Element));
    }

    // By hashes, whose values are the same in every version of .NET; those of a seeded Random are no promise.
    private static ulong Hash(int seed, long number) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes<long>([seed, number]));
}
