namespace XDistilTorch.Engines;

/// <summary>Ways to compute forward passes.</summary>
public enum EngineKind
{
    /// <summary>The fastest one that computes in fp32 on this machine.</summary>
    Auto,

    /// <summary>The module tree itself, by torch's operators: every device, every type, every change of the model.</summary>
    Eager,

    /// <summary>fp32 on the CPU by kernels of our own over packed weights; logits within 5e-5 of the module tree's.</summary>
    Packed,

    /// <summary>Whole-number products on the CPU (the layers' in int8, attention's in 16 bits), the rest in fp32: faster, and a little less exact.</summary>
    Int8,
}
