using static TorchSharp.torch;

namespace XDistilTorch.Engines.Packed;

/// <summary>A parameter's numbers as they lie, or in order where they do not.</summary>
internal static class PlainTensor
{
    /// <summary>Shares the storage if it can; the caller's. Nothing else is left to the garbage collector: a handle on a weight holds all of it.</summary>
    public static Tensor Of(Tensor parameter)
    {
        using var detached = parameter.detach();
        return detached.contiguous();
    }
}
