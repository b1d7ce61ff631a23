using System.Runtime.Intrinsics.X86;
using XDistilTorch.Native;
using static TorchSharp.torch;

namespace XDistilTorch.Engines.Packed;

/// <summary>What this processor has for products of int8.</summary>
internal static class Int8Support
{
    private const int Avx512Vnni = 1 << 11, // leaf 7.0, ECX
        AvxVnni = 1 << 4; // leaf 7.1, EAX

    private static readonly Lazy<bool> Exact = new(IsExact);

    /// <summary>
    /// Whether products of four bytes are summed in one instruction, without saturation: the processor has it, and libtorch's oneDNN is there and takes it, which it may be told not to.
    /// </summary>
    public static bool HasVnni => Instructions is not null && TorchRuntime.TryLoad() && Exact.Value;

    /// <summary>How int8 multiplies here.</summary>
    public static Arithmetic Arithmetic => HasVnni ? Arithmetic.Bytes : Arithmetic.Shorts;

    /// <summary>The processor's instructions for it, whether or not oneDNN takes them; null: it has none. libtorch is not needed to tell.</summary>
    public static string? Instructions =>
        Has512 ? "AVX-512 VNNI"
        : HasVex ? "AVX VNNI"
        : null;

    /// <summary>What is used, for people.</summary>
    public static string Description => HasVnni ? Instructions! : "no VNNI: products of 16 bits";

    private static bool Has512 => Avx512F.IsSupported && (X86Base.CpuId(7, 0).Ecx & Avx512Vnni) != 0;

    private static bool HasVex => Avx2.IsSupported && (X86Base.CpuId(7, 1).Eax & AvxVnni) != 0;

    // Seen rather than asked: the largest products, two of which do not fit 16 bits.
    private static bool IsExact()
    {
        const int Inputs = 64,
            Outputs = 16;
        if (!TensorShim.HasQuantizedProduct)
            return false;
        using var scope = NewDisposeScope();
        using var packed = TensorShim.PrepackWeights(full([Outputs, Inputs], 127, ScalarType.Int8));
        using var product = TensorShim.QuantizedProduct(
            full([1, Inputs], 255, ScalarType.Byte),
            ones(1),
            zeros(1, ScalarType.Int32),
            packed,
            ones(Outputs),
            zeros(Outputs, ScalarType.Int32)
        );
        return product.eq(255 * 127 * Inputs).all().item<bool>();
    }
}
