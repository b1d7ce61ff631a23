namespace XDistilTorch.Checkpoints;

/// <summary>
/// The types that tensors in a file may have, by the names of the safetensors format. Those that libtorch has here can be read as tensors
/// (<see cref="Bool"/>, <see cref="U8"/>, the signed integers, <see cref="F16"/>, <see cref="BF16"/>, <see cref="F32"/>, <see cref="F64"/>);
/// of the others there is the raw data.
/// </summary>
public enum DType
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool,

    /// <summary>Unsigned, 8 bits.</summary>
    U8,

    /// <summary>Signed, 8 bits.</summary>
    I8,

    /// <summary>Signed, 16 bits.</summary>
    I16,

    /// <summary>Unsigned, 16 bits.</summary>
    U16,

    /// <summary>Signed, 32 bits.</summary>
    I32,

    /// <summary>Unsigned, 32 bits.</summary>
    U32,

    /// <summary>Signed, 64 bits.</summary>
    I64,

    /// <summary>Unsigned, 64 bits.</summary>
    U64,

    /// <summary>IEEE half precision, 16 bits.</summary>
    F16,

    /// <summary>bfloat16: the upper half of an <see cref="F32"/>.</summary>
    BF16,

    /// <summary>IEEE single precision, 32 bits.</summary>
    F32,

    /// <summary>IEEE double precision, 64 bits.</summary>
    F64,

    /// <summary>Complex, two <see cref="F32"/>.</summary>
    C64,

    /// <summary>8 bits: 4 exponent, 3 mantissa.</summary>
    F8_E4M3,

    /// <summary>8 bits: 5 exponent, 2 mantissa.</summary>
    F8_E5M2,

    /// <summary>8 bits: 8 exponent, no mantissa.</summary>
    F8_E8M0,

    /// <summary>8 bits: 4 exponent, 3 mantissa, without infinities and negative zero.</summary>
    F8_E4M3FNUZ,

    /// <summary>8 bits: 5 exponent, 2 mantissa, without infinities and negative zero.</summary>
    F8_E5M2FNUZ,

    /// <summary>6 bits: 2 exponent, 3 mantissa.</summary>
    F6_E2M3,

    /// <summary>6 bits: 3 exponent, 2 mantissa.</summary>
    F6_E3M2,

    /// <summary>4 bits.</summary>
    F4,
}
