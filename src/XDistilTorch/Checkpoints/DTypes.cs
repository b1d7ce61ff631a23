using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace XDistilTorch.Checkpoints;

/// <summary>What belongs to each <see cref="DType"/>: its name in safetensors files, its size, and torch's type for it.</summary>
internal static class DTypes
{
    private sealed record Facts(string Name, int Bits, ScalarType? Torch);

    private static readonly FrozenDictionary<DType, Facts> Known = new Dictionary<DType, Facts>
    {
        [DType.Bool] = new("BOOL", 8, ScalarType.Bool),
        [DType.U8] = new("U8", 8, ScalarType.Byte),
        [DType.I8] = new("I8", 8, ScalarType.Int8),
        [DType.I16] = new("I16", 16, ScalarType.Int16),
        [DType.U16] = new("U16", 16, null),
        [DType.I32] = new("I32", 32, ScalarType.Int32),
        [DType.U32] = new("U32", 32, null),
        [DType.I64] = new("I64", 64, ScalarType.Int64),
        [DType.U64] = new("U64", 64, null),
        [DType.F16] = new("F16", 16, ScalarType.Float16),
        [DType.BF16] = new("BF16", 16, ScalarType.BFloat16),
        [DType.F32] = new("F32", 32, ScalarType.Float32),
        [DType.F64] = new("F64", 64, ScalarType.Float64),
        [DType.C64] = new("C64", 64, null),
        [DType.F8_E4M3] = new("F8_E4M3", 8, null),
        [DType.F8_E5M2] = new("F8_E5M2", 8, null),
        [DType.F8_E8M0] = new("F8_E8M0", 8, null),
        [DType.F8_E4M3FNUZ] = new("F8_E4M3FNUZ", 8, null),
        [DType.F8_E5M2FNUZ] = new("F8_E5M2FNUZ", 8, null),
        [DType.F6_E2M3] = new("F6_E2M3", 6, null),
        [DType.F6_E3M2] = new("F6_E3M2", 6, null),
        [DType.F4] = new("F4", 4, null),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, DType> ByName = Known.ToFrozenDictionary(
        known => known.Value.Name,
        known => known.Key,
        StringComparer.Ordinal
    );

    private static readonly FrozenDictionary<ScalarType, DType> ByTorch = Known
        .Where(known => known.Value.Torch is not null)
        .ToFrozenDictionary(known => known.Value.Torch!.Value, known => known.Key);

    /// <summary>The names of all types that can be read as tensors, for messages.</summary>
    public static string Readable { get; } =
        string.Join(", ", Known.Where(k => k.Value.Torch is not null).OrderBy(k => k.Key).Select(k => k.Value.Name));

    /// <summary>The names of all types of the format, for messages.</summary>
    public static string All { get; } = string.Join(", ", Known.OrderBy(k => k.Key).Select(k => k.Value.Name));

    public static bool TryParse(string name, out DType dtype) => ByName.TryGetValue(name, out dtype);

    public static bool TryFrom(ScalarType torch, out DType dtype) => ByTorch.TryGetValue(torch, out dtype);

    /// <summary>The name in safetensors files.</summary>
    public static string FileName(this DType dtype) => Known[dtype].Name;

    /// <summary>The size of one element, bits.</summary>
    public static int Bits(this DType dtype) => Known[dtype].Bits;

    public static bool TryTorch(this DType dtype, [NotNullWhen(true)] out ScalarType? torch) => (torch = Known[dtype].Torch) is not null;

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
