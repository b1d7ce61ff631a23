namespace XDistilTorch.Training;

/// <summary>
/// Which windows are trained on together, and when: a shuffle that follows from the seed and the epoch alone, so that a run that is resumed goes on with the very
/// batches it would have had. Windows of similar length come together, which is what keeps padding low.
/// </summary>
public static class BatchOrder
{
    // Batches whose windows are sorted among each other. More makes batches more even in length, and the order less random.
    private const int BatchesSorted = 64;

    /// <summary>The batches of an epoch, by the windows' numbers; each window once, and only the last batch is smaller.</summary>
    /// <param name="lengths">The windows' lengths in tokens.</param>
    /// <param name="batchSize">Windows a batch.</param>
    /// <param name="seed">Another seed, another order.</param>
    /// <param name="epoch">From 0.</param>
    public static IReadOnlyList<int[]> Epoch(IReadOnlyList<int> lengths, int batchSize, long seed, long epoch)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        var random = new RandomStream(seed, epoch);
        int[] order = [.. Enumerable.Range(0, lengths.Count)];
        random.Shuffle(order);
        List<int[]> batches = [];
        foreach (var pool in order.Chunk((int)Math.Min((long)batchSize * BatchesSorted, int.MaxValue)))
            batches.AddRange(pool.OrderBy(i => lengths[i]).Chunk(batchSize)); // a stable sort: equal lengths stay shuffled
        var smaller = batches.Count > 0 && batches[^1].Length < batchSize ? batches[^1] : null;
        if (smaller is not null)
            batches.RemoveAt(batches.Count - 1);
        var mixed = batches.ToArray();
        random.Shuffle(mixed);
        return smaller is null ? mixed : [.. mixed, smaller];
    }
}
