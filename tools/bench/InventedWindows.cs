using XDistilTorch.Windows;

namespace XDistilTorch.Bench;

/// <summary>Windows of random ids, in lengths that real questions have.</summary>
internal static class InventedWindows
{
    private const int Seed = 1;

    /// <summary>The lengths of the 6,533 windows of 6,307 development questions of SQuAD 2.0 (18 articles), as 48 quantiles, in an order that a seed gives.</summary>
    public static int[] MixedLengths()
    {
        int[] lengths =
        [
            78,
            104,
            110,
            115,
            119,
            122,
            125,
            127,
            130,
            132,
            133,
            135,
            138,
            140,
            142,
            144,
            146,
            149,
            151,
            154,
            156,
            158,
            161,
            164,
            167,
            170,
            173,
            177,
            180,
            184,
            187,
            191,
            196,
            203,
            209,
            215,
            221,
            227,
            234,
            241,
            254,
            265,
            276,
            290,
            315,
            358,
            384,
            384,
        ];
        new Random(Seed).Shuffle(lengths);
        return lengths;
    }

    /// <summary>A window of random ids.</summary>
    public static TokenWindow OfLength(int length, int seed)
    {
        var random = new Random(seed);
        int[] ids = [101, .. Enumerable.Range(0, length - 2).Select(_ => random.Next(1000, 30000)), 102];
        return new TokenWindow
        {
            Index = 0,
            Ids = ids,
            TypeIds = [.. Enumerable.Range(0, length).Select(i => i < 14 ? 0 : 1)],
            ContextStart = 14,
            ContextEnd = length - 1,
            Offsets = new TextSpan[length],
            WordIds = new int[length],
            SequenceIds = new int[length],
        };
    }
}
