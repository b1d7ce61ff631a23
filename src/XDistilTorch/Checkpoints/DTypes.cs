using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace XDistilTorch.Checkpoints;

/// <summary>What belongs to each <see cref="DType"/>: its name in safetensors files, its size, and torch's type for it.</summary>
internal static class DTypes
{
    private sealed record Facts(DType DType, string Name, int Bits, ScalarType? Torch = null);

    // In the order of the enumeration. (A plain table: dictionaries over own types would be compiled anew by every process.)
    private static readonly Facts[] Known =
    [
        new(DType.Bool, "BOOL", 8, ScalarType.Bool),
        new(DType.U8, "U8", 8, ScalarType.Byte),
        new(DType.I8, "I8", 8, ScalarType.Int8),
        new(DType.I16, "I16", 16, ScalarType.Int16),
        new(DType.U16, "U16", 16),
        new(DType.I32, "I32", 32, ScalarType.Int32),
        new(DType.U32, "U32", 32),
        new(DType.I64, "I64", 64, ScalarType.Int64),
        new(DType.U64, "U64", 64),
        new(DType.F16, "F16", 16, ScalarType.Float16),
        new(DType.BF16, "BF16", 16, ScalarType.BFloat16),
        new(DType.F32, "F32", 32, ScalarType.Float32),
        new(DType.F64, "F64", 64, ScalarType.Float64),
        new(DType.C64, "C64", 64),
        new(DType.F8_E4M3, "F8_E4M3", 8),
        new(DType.F8_E5M2, "F8_E5M2", 8),
        new(DType.F8_E8M0, "F8_E8M0", 8),
        new(DType.F8_E4M3FNUZ, "F8_E4M3FNUZ", 8),
        new(DType.F8_E5M2FNUZ, "F8_E5M2FNUZ", 8),
        new(DType.F6_E2M3, "F6_E2M3", 6),
        new(DType.F6_E3M2, "F6_E3M2", 6),
        new(DType.F4, "F4", 4),
    ];

    /// <summary>The names of all types that can be read as tensors, for messages.</summary>
    public static string Readable => string.Join(", ", Known.Where(known => known.Torch is not null).Select(known => known.Name));

    /// <summary>The names of all types of the format, for messages.</summary>
    public static string All => string.Join(", ", Known.Select(known => known.Name));

    public static bool TryParse(string name, out DType dtype)
    {
        var known = Array.Find(Known, known => known.Name == name);
        dtype = known?.DType ?? default;
        return known is not null;
    }

    public static bool TryFrom(ScalarType torch, out DType dtype)
    {
        var known = Array.Find(Known, known => known.Torch == torch);
        dtype = known?.DType ?? default;
        return known is not null;
    }

    /// <summary>The name in safetensors files.</summary>
    public static string FileName(this DType dtype) => Known[(int)dtype].Name;

    /// <summary>The size of one element, bits.</summary>
    public static int Bits(this DType dtype) => Known[(int)dtype].Bits;

    public static bool TryTorch(this DType dtype, [NotNullWhen(true)] out ScalarType? torch) =>
        (torch = Known[(int)dtype].Torch) is not null;

    public static bool IsFloat(this DType dtype) => dtype is DType.F16 or DType.BF16 or DType.F32 or DType.F64;

    /// <summary>The bytes that a tensor of this type and shape fills; null when that is no whole number of bytes or too large for an Int64.</summary>
    public static long? ByteLength(this DType dtype, ReadOnlySpan<long> shape)
    {
        // As the reference: elements are counted in order, so that an overflow before a zero is an overflow.
        var elements = UInt128.One;
        foreach (var size in shape)
        {
            elements *= (ulong)size;
            if (elements > long.MaxValue)
                return null;
        }
        var bits = elements * (uint)dtype.Bits();
        return bits % 8 == 0 && bits / 8 <= long.MaxValue ? (long)(bits / 8) : null;
    }
}
