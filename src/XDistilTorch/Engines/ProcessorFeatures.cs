using XDistilTorch.Engines.Kernels;
using XDistilTorch.Engines.Packed;

namespace XDistilTorch.Engines;

/// <summary>What a processor has for the engines.</summary>
/// <param name="Avx2">Vectors of 256 bits with fused multiply-add: the packed engine needs them.</param>
/// <param name="Avx512">Vectors of 512 bits, which the packed engine takes where they are.</param>
/// <param name="Vnni">Products of int8, which make the int8 engine fastest: their name, such as <c>AVX-512 VNNI</c>; null where there are none.</param>
public sealed record ProcessorFeatures(bool Avx2, bool Avx512, string? Vnni)
{
    /// <summary>Those of the processor that this process runs on.</summary>
    public static ProcessorFeatures OfThisMachine { get; } = new(Vectors256.IsSupported, Vectors512.IsSupported, Int8Support.Instructions);
}
