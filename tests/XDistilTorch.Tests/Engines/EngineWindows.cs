using XDistilTorch.Engines;
using XDistilTorch.Windows;

namespace XDistilTorch.Tests.Engines;

/// <summary>Made-up windows for engines.</summary>
internal static class EngineWindows
{
    /// <summary>A window of random ids, its first third of type 0.</summary>
    public static TokenWindow Random(int length, int seed, int vocabulary = 50)
    {
        var random = new Random(seed);
        return new TokenWindow
        {
            Index = 0,
            Ids = [.. Enumerable.Range(0, length).Select(_ => random.Next(1, vocabulary))],
            TypeIds = [.. Enumerable.Range(0, length).Select(i => i < length / 3 ? 0 : 1)],
            ContextStart = Math.Min(length / 3, length - 1),
            ContextEnd = length,
            Offsets = new TextSpan[length],
            WordIds = new int[length],
            SequenceIds = new int[length],
        };
    }

    public static List<TokenWindow> OfLengths(params ReadOnlySpan<int> lengths)
    {
        List<TokenWindow> windows = [];
        foreach (var length in lengths)
            windows.Add(Random(length, 100 + windows.Count));
        return windows;
    }

    /// <summary>The largest difference of any logit.</summary>
    public static double Difference(IReadOnlyList<WindowLogits> a, IReadOnlyList<WindowLogits> b)
    {
        a.Select(logits => logits.Start.Length).Should().Equal(b.Select(logits => logits.Start.Length));
        return a.Zip(b).SelectMany(pair => All(pair.First).Zip(All(pair.Second), (x, y) => Math.Abs((double)x - y))).Max();
    }

    /// <summary>All logits as bits, for equality to the last.</summary>
    public static int[] Bits(IEnumerable<WindowLogits> logits) => [.. logits.SelectMany(All).Select(BitConverter.SingleToInt32Bits)];

    private static IEnumerable<float> All(WindowLogits logits) => logits.Start.Concat(logits.End);
}
