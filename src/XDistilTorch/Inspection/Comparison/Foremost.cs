namespace XDistilTorch.Inspection.Comparison;

/// <summary>The few of many that rank highest; of equals the earlier.</summary>
/// <param name="most">How many are kept.</param>
/// <param name="rank">What ranks them.</param>
internal sealed class Foremost<T>(int most, Func<T, (double First, double Second)> rank)
{
    private readonly PriorityQueue<T, (double, double, long)> kept = new();
    private long added;

    public void Add(T item)
    {
        var (first, second) = rank(item);
        kept.Enqueue(item, (first, second, -added++));
        if (kept.Count > most)
            kept.Dequeue();
    }

    /// <summary>Those that were kept, the highest first.</summary>
    public IReadOnlyList<T> Ranked => [.. kept.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)];
}
