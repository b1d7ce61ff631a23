using System.Runtime.Intrinsics;

namespace XDistilTorch.Numerics;

/// <summary>Numbers of 16 bits, IEEE 754's binary16, which .NET converts one by one only.</summary>
internal static class Halves
{
    private const uint Magnitude = 0x7fff,
        LargestFinite = 0x0f7fffff, // moved to where a float has it
        Infinity = 0x7f800000;

    // A half's exponent counts from -15, a float's from -127.
    private const float ExponentGap = 5.192296858534828e33f; // 2^112

    /// <summary>Halves, by their bits, to floats of the same value.</summary>
    public static void ToFloats(ReadOnlySpan<ushort> halves, Span<float> floats)
    {
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
            for (; i + Vector256<ushort>.Count <= floats.Length; i += Vector256<ushort>.Count)
            {
                var (lower, upper) = Vector256.Widen(Vector256.Create(halves[i..]));
                Widen(lower).CopyTo(floats[i..]);
                Widen(upper).CopyTo(floats[(i + Vector256<float>.Count)..]);
            }
        for (; i < floats.Length; i++)
            floats[i] = (float)BitConverter.UInt16BitsToHalf(halves[i]);
    }

    // Moves exponent and fraction to their places and mends the exponent by a product, which makes subnormal numbers normal on the way.
    private static Vector256<float> Widen(Vector256<uint> half)
    {
        var magnitude = (half & Vector256.Create(Magnitude)) << 13;
        var number = (magnitude.AsSingle() * ExponentGap).AsUInt32();
        var infinite =
            Vector256.GreaterThan(magnitude.AsInt32(), Vector256.Create((int)LargestFinite)).AsUInt32() & Vector256.Create(Infinity);
        return (number | infinite | (half & Vector256.Create(~Magnitude & 0xffff)) << 16).AsSingle();
    }
}
