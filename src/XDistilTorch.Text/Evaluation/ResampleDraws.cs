namespace XDistilTorch.Evaluation;

/// <summary>
/// Indices drawn with replacement, the same for the same seed on every machine and every .NET (SplitMix64; the sequence of
/// <see cref="Random"/> is no promise).
/// </summary>
internal struct ResampleDraws(ulong seed)
{
    private ulong state = seed;

    /// <summary>The next index below <paramref name="count"/>.</summary>
    public int Next(int count)
    {
        state += 0x9E3779B97F4A7C15;
        var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return (int)Math.BigMul(z, (ulong)count, out _); // the high half of the product: z / 2^64 * count
    }
}
