using TorchSharp;

namespace XDistilTorch;

/// <summary>How a model folder is loaded.</summary>
public sealed record LoadingOptions
{
    /// <summary>Where the model computes: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c> or <c>auto</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The floating-point type to compute in, whatever the file holds; null keeps the file's.</summary>
    public torch.ScalarType? DType { get; init; } = torch.ScalarType.Float32;
}
