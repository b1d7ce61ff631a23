using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace XDistilTorch.Engines.Packed;

/// <summary>A parameter's numbers, wherever they lie and whatever their type.</summary>
internal interface INumbers
{
    /// <summary>The parameter's sizes.</summary>
    IReadOnlyList<long> Shape { get; }

    /// <summary>Copies them all, in order, as fp32.</summary>
    void CopyTo(Span<float> destination);

    /// <summary>Copies them all, in order, as the bits of halves, if halves is what they are.</summary>
    /// <returns>Whether they are.</returns>
    bool TryCopyHalves(Span<ushort> destination);
}

/// <summary>Those of a module's parameter, fp32 on the CPU.</summary>
internal sealed record TensorNumbers(Tensor Tensor) : INumbers
{
    public IReadOnlyList<long> Shape => Tensor.shape;

    public void CopyTo(Span<float> destination)
    {
        if (destination.IsEmpty) // a layer may have no heads left
            return;
        using var plain = PlainTensor.Of(Tensor);
        MemoryMarshal.Cast<byte, float>(plain.bytes).CopyTo(destination);
    }

    public bool TryCopyHalves(Span<ushort> destination) => false;
}
