using System.Security.Cryptography;
using System.Text;

namespace XDistilTorch.Training;

/// <summary>Numbers that follow from a seed and a place alone, on every machine and in every version of .NET (SplitMix64).</summary>
internal sealed class RandomStream
{
    private ulong state;

    public RandomStream(long seed, long place) => state = (ulong)SeedFor(seed, "order", place);

    /// <summary>A seed for one use at one place, unlike those of other uses and places.</summary>
    public static long SeedFor(long seed, string use, long place)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{seed} {use} {place}")));
        return BitConverter.ToInt64(hash);
    }

    public void Shuffle<T>(T[] items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = (int)(Next() % (ulong)(i + 1)); // the bias is below 1 in 2^32
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private ulong Next()
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
