namespace XDistilTorch.Decoding;

/// <summary>
/// The best few of many, in order, without sorting the many: candidates gather in a buffer of twice the number wanted, which is sorted
/// and halved when full. After that, all but a few are turned away by one comparison.
/// </summary>
/// <typeparam name="T">Compares as it ranks: the better first. Two different candidates never compare equal.</typeparam>
internal sealed class BestOf<T>(int wanted)
    where T : struct, IComparable<T>
{
    private T[] buffer = new T[Math.Min(2L * wanted, 64)];
    private int count;
    private bool hasBar;
    private T bar;

    public void Add(in T candidate)
    {
        if (IsTurnedAway(candidate))
            return;
        if (count == buffer.Length)
            MakeRoom();
        buffer[count++] = candidate;
    }

    /// <summary>Whether enough better ones are known already. True stays true for every candidate that ranks after this one.</summary>
    public bool IsTurnedAway(in T candidate) => hasBar && candidate.CompareTo(bar) > 0;

    /// <summary>The best, best first; valid until the next change.</summary>
    public ReadOnlySpan<T> Ranked()
    {
        Halve();
        return buffer.AsSpan(0, count);
    }

    public void Clear()
    {
        count = 0;
        hasBar = false;
    }

    private void MakeRoom()
    {
        if (count < 2L * wanted)
            Array.Resize(ref buffer, (int)Math.Min(2L * wanted, 2L * count));
        else
            Halve();
    }

    private void Halve()
    {
        buffer.AsSpan(0, count).Sort();
        if (count < wanted)
            return;
        count = wanted;
        bar = buffer[wanted - 1];
        hasBar = true;
    }
}
