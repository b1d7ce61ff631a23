using TorchSharp;

namespace XDistilTorch.Checkpoints;

/// <summary>Converts numbers to the type that a file is to store them in, and finds those that the type cannot hold.</summary>
internal sealed class StorageCast
{
    private readonly torch.ScalarType type;
    private readonly List<string> faults = [];

    private StorageCast(torch.ScalarType type) => this.type = type;

    /// <exception cref="ArgumentException">Weights are not stored in this type.</exception>
    public static StorageCast To(torch.ScalarType type, string parameter) =>
        NameOf(type) is not null
            ? new StorageCast(type)
            : throw new ArgumentException($"weights are not stored in {type}, expected Float32, Float16 or BFloat16.", parameter);

    /// <summary>The type's name in <c>config.json</c>; null: weights are not stored in it.</summary>
    public static string? NameOf(torch.ScalarType type) =>
        type switch
        {
            torch.ScalarType.Float32 => "float32",
            torch.ScalarType.Float16 => "float16",
            torch.ScalarType.BFloat16 => "bfloat16",
            _ => null,
        };

    /// <summary>The numbers in the type, rounded to the nearest; the caller owns the tensor. Numbers that become infinite are remembered as a fault.</summary>
    public torch.Tensor Of(string name, torch.Tensor tensor)
    {
        var stored = tensor.detach().to(type);
        if (tensor.dtype != type && Infinities(stored) > Infinities(tensor))
            faults.Add($"{Wording.Show(name)} has numbers up to {Largest(tensor):G4}");
        return stored;
    }

    /// <exception cref="CheckpointException">A number became infinite; the message names the tensors.</exception>
    public void ThrowOnFaults(string path)
    {
        if (faults.Count == 0)
            return;
        throw new CheckpointException(
            $"{path}: {Wording.Count(faults.Count, "tensor")} cannot be stored as {type}, whose numbers end at {torch.finfo(type).max:G6}:\n  "
                + $"{string.Join("\n  ", faults.Take(5))}{(faults.Count > 5 ? "\n  ..." : "")}\nStore the model as {(type == torch.ScalarType.Float16 ? "Float32 or BFloat16" : "another type")}."
        );
    }

    private static double Largest(torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.abs().max().to(torch.ScalarType.Float64).item<double>();
    }

    private static long Infinities(torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.isinf().sum().item<long>();
    }
}
