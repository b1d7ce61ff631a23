using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace XDistilTorch.Data.Reading;

/// <summary>
/// The ids met so far: 16 bytes each (a hash of the id; a shorter hash of the row and its place), in a table that is at most three quarters full.
/// Ten million ids have a false repetition with a chance of 3 in a million.
/// </summary>
internal sealed class SeenIds
{
    private const int PlaceBits = 40;
    private const ulong PlaceMask = (1UL << PlaceBits) - 1;

    private ulong[] ids = new ulong[1024];
    private ulong[] rows = new ulong[1024];
    private int count;

    /// <summary>Notes an id. True when it was there before: then whether the row was the same, and where it stood.</summary>
    public bool Repeats(string id, ulong row, PackedPlace place, out bool isSame, out PackedPlace firstPlace)
    {
        var key = Hash(id, 0);
        key = key == 0 ? 1 : key; // 0 marks a free slot
        if (count >= ids.Length / 4 * 3)
            Grow();
        var slot = Slot(key);
        if (ids[slot] == key)
        {
            isSame = rows[slot] >> PlaceBits == row >> PlaceBits;
            firstPlace = new PackedPlace(rows[slot] & PlaceMask);
            return true;
        }
        (ids[slot], rows[slot]) = (key, (row & ~PlaceMask) | place.Bits);
        count++;
        (isSame, firstPlace) = (false, PackedPlace.Unknown);
        return false;
    }

    /// <summary>A hash of a text that continues another.</summary>
    public static ulong Hash(string text, ulong before) =>
        XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()), unchecked((long)((before * 0x9E3779B97F4A7C15) + (ulong)text.Length)));

    private int Slot(ulong key)
    {
        var slot = (int)(key & (ulong)(ids.Length - 1));
        while (ids[slot] != 0 && ids[slot] != key)
            slot = (slot + 1) & (ids.Length - 1);
        return slot;
    }

    private void Grow()
    {
        var (oldIds, oldRows) = (ids, rows);
        ids = new ulong[oldIds.Length * 2];
        rows = new ulong[oldIds.Length * 2];
        for (var i = 0; i < oldIds.Length; i++)
            if (oldIds[i] != 0)
            {
                var slot = Slot(oldIds[i]);
                (ids[slot], rows[slot]) = (oldIds[i], oldRows[i]);
            }
    }
}
