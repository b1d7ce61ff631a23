using System.Runtime.InteropServices;
using XDistilTorch.Numerics;

namespace XDistilTorch.Checkpoints;

/// <summary>Numbers as files hold them to fp32: exact from fp16 and bf16, rounded to the nearest from fp64.</summary>
internal static class FloatConversion
{
    /// <summary>Converts elements that lie one after the other, little-endian.</summary>
    /// <exception cref="ArgumentException">The type is not one of floating point.</exception>
    public static void ToFloats(ReadOnlySpan<byte> source, DType type, Span<float> destination)
    {
        switch (type)
        {
            case DType.F32:
                MemoryMarshal.Cast<byte, float>(source)[..destination.Length].CopyTo(destination);
                break;
            case DType.F16:
                Halves.ToFloats(MemoryMarshal.Cast<byte, ushort>(source), destination);
                break;
            case DType.BF16:
                var brains = MemoryMarshal.Cast<byte, ushort>(source);
                for (var i = 0; i < destination.Length; i++)
                    destination[i] = BitConverter.UInt32BitsToSingle((uint)brains[i] << 16);
                break;
            case DType.F64:
                var doubles = MemoryMarshal.Cast<byte, double>(source);
                for (var i = 0; i < destination.Length; i++)
                    destination[i] = (float)doubles[i];
                break;
            default:
                throw new ArgumentException($"{type} is no type of floating point.", nameof(type));
        }
    }
}
