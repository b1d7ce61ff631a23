using System.Runtime.Intrinsics.X86;

namespace XDistilTorch.Engines.Packed;

/// <summary>What this processor has for products of int8.</summary>
internal static class Int8Support
{
    private const int Avx512Vnni = 1 << 11, // leaf 7.0, ECX
        AvxVnni = 1 << 4; // leaf 7.1, EAX

    /// <summary>Whether products of four bytes are summed in one instruction, without saturation.</summary>
    public static bool HasVnni { get; } = X86Base.IsSupported && (Has512 || HasVex) && !IsaIsLimited;

    /// <summary>
    /// The largest byte of a quantised activation. Without VNNI two products are summed in 16 bits, which saturate: 2 * 127 * 127 fits, 2 * 255 * 127 does not, and
    /// would be silently wrong. So there it is 7 bits.
    /// </summary>
    public static int LargestByte => HasVnni ? 255 : 127;

    /// <summary>Its name for people.</summary>
    public static string Description =>
        Has512 ? "AVX-512 VNNI"
        : HasVex ? "AVX VNNI"
        : "no VNNI";

    private static bool Has512 => Avx512F.IsSupported && (X86Base.CpuId(7, 0).Ecx & Avx512Vnni) != 0;

    private static bool HasVex => Avx2.IsSupported && (X86Base.CpuId(7, 1).Eax & AvxVnni) != 0;

    // oneDNN can be told to take a processor for a lesser one (ONEDNN_MAX_CPU_ISA), which is how tests run both ways on one machine.
    private static bool IsaIsLimited =>
        Environment.GetEnvironmentVariable("ONEDNN_MAX_CPU_ISA") is { } limit
        && !limit.Contains("VNNI", StringComparison.OrdinalIgnoreCase)
        && !limit.Contains("AMX", StringComparison.OrdinalIgnoreCase)
        && !limit.Contains("BF16", StringComparison.OrdinalIgnoreCase)
        && !limit.Contains("FP16", StringComparison.OrdinalIgnoreCase)
        && !limit.Equals("ALL", StringComparison.OrdinalIgnoreCase)
        && !limit.Equals("DEFAULT", StringComparison.OrdinalIgnoreCase);
}
