namespace XDistilTorch.Engines.Packed;

/// <summary>In which numbers a snapshot's layers multiply.</summary>
internal enum Arithmetic
{
    /// <summary>fp32.</summary>
    Floats,

    /// <summary>Weights and activations of 8 bits, by oneDNN's product: processors with VNNI.</summary>
    Bytes,

    /// <summary>Weights of 8 bits, activations of up to 16: all other processors.</summary>
    Shorts,
}
