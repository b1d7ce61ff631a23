using TorchSharp;

namespace XDistilTorch.Cli;

/// <summary>The types that weights are stored in, by their names on the command line.</summary>
internal enum WeightType
{
    Fp32,
    Fp16,
    Bf16,
}

/// <summary>Their names in torch.</summary>
internal static class WeightTypes
{
    public static torch.ScalarType Torch(this WeightType type) =>
        type switch
        {
            WeightType.Fp16 => torch.ScalarType.Float16,
            WeightType.Bf16 => torch.ScalarType.BFloat16,
            _ => torch.ScalarType.Float32,
        };
}
