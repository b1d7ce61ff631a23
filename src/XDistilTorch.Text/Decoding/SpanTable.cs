using System.Buffers;
using System.Numerics;

namespace XDistilTorch.Decoding;

/// <summary>A span of a context with the highest score that any pair of tokens gave it, and where that was.</summary>
internal readonly record struct ScoredPlace(TextSpan Place, double Score, int Window, int StartToken, int EndToken);

/// <summary>
/// The different spans of one context, each once. A hash table of its own, since it takes some 11,000 spans a window: open addressing,
/// entries in the order of their first appearance, memory from the pool.
/// </summary>
internal sealed class SpanTable : IDisposable
{
    private const int LeastCapacity = 64,
        MostAtFirst = 16384; // a window of 384 tokens has some 11,000
    private const ulong Mixer = 0x9E3779B97F4A7C15;

    // Index into the entries + 1; 0 is free. Twice as many as entries, a power of two.
    private int[] slots;
    private ScoredPlace[] entries;
    private int capacity;
    private int count;

    /// <param name="expected">How many spans there may be; it takes more as well. For a short text the table is small, since clearing it costs its size.</param>
    public SpanTable(long expected)
    {
        capacity = (int)BitOperations.RoundUpToPowerOf2((ulong)Math.Clamp(expected, LeastCapacity, MostAtFirst));
        slots = ArrayPool<int>.Shared.Rent(2 * capacity);
        entries = ArrayPool<ScoredPlace>.Shared.Rent(capacity);
        Clear();
    }

    public ReadOnlySpan<ScoredPlace> Entries => entries.AsSpan(0, count);

    public void Clear()
    {
        count = 0;
        slots.AsSpan(0, 2 * capacity).Clear();
    }

    /// <summary>Adds every legal span of a window.</summary>
    public void Add(DecoderWindow window, int index, int maxAnswerLength)
    {
        var spans = new LegalSpans(window, maxAnswerLength);
        while (spans.MoveNext())
            Add(new ScoredPlace(spans.Place, spans.Score, index, spans.Start, spans.End));
    }

    /// <summary>Adds a span, or raises the score of the one that is there; of equal scores the first stays.</summary>
    public void Add(in ScoredPlace added)
    {
        var slot = Find(added.Place);
        if (slots[slot] == 0)
            Append(added, slot);
        else if (added.Score > entries[slots[slot] - 1].Score)
            entries[slots[slot] - 1] = added;
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(slots);
        ArrayPool<ScoredPlace>.Shared.Return(entries);
        (slots, entries, capacity, count) = ([], [], 0, 0);
    }

    private void Append(in ScoredPlace added, int slot)
    {
        if (count == capacity)
        {
            Grow();
            slot = Find(added.Place);
        }
        entries[count++] = added;
        slots[slot] = count;
    }

    private int Find(TextSpan place)
    {
        var mask = (2 * capacity) - 1;
        var key = ((ulong)(uint)place.Start << 32) | (uint)place.End;
        for (var slot = (int)((key * Mixer) >> 32) & mask; ; slot = (slot + 1) & mask)
            if (slots[slot] == 0 || entries[slots[slot] - 1].Place == place)
                return slot;
    }

    private void Grow()
    {
        var (oldSlots, oldEntries) = (slots, entries);
        capacity *= 4;
        slots = ArrayPool<int>.Shared.Rent(2 * capacity);
        entries = ArrayPool<ScoredPlace>.Shared.Rent(capacity);
        slots.AsSpan(0, 2 * capacity).Clear();
        for (var i = 0; i < count; i++)
        {
            entries[i] = oldEntries[i];
            slots[Find(entries[i].Place)] = i + 1;
        }
        ArrayPool<int>.Shared.Return(oldSlots);
        ArrayPool<ScoredPlace>.Shared.Return(oldEntries);
    }
}
