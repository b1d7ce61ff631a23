using TorchSharp;

namespace XDistilTorch.Conversion;

/// <summary>What a checkpoint is converted to.</summary>
public sealed record ConversionOptions
{
    /// <summary>The type of the weights: Float32, Float16 or BFloat16; null: as they are.</summary>
    public torch.ScalarType? DType { get; init; }

    /// <summary>How many bytes of tensors a file may hold; what is more goes into several files with an index. Null: all go into one.</summary>
    public long? MaxShardSize { get; init; }
}
