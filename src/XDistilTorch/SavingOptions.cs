using TorchSharp;

namespace XDistilTorch;

/// <summary>How a model folder is written.</summary>
public sealed record SavingOptions
{
    /// <summary>The type that weights are stored in, whatever the model computes in: Float32, Float16 or BFloat16.</summary>
    public torch.ScalarType DType { get; init; } = torch.ScalarType.Float32;
}
