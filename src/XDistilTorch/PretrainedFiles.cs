using TorchSharp;
using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;

namespace XDistilTorch;

/// <summary>A model folder's config and weights, open and fitting in size; nothing of the weights has been read.</summary>
internal sealed class PretrainedFiles : IDisposable
{
    public const string ConfigFile = "config.json";

    private PretrainedFiles(BertConfig config, Checkpoint checkpoint, torch.ScalarType type)
    {
        (Config, Checkpoint, Type) = (config, checkpoint, type);
    }

    public BertConfig Config { get; }

    public Checkpoint Checkpoint { get; }

    /// <summary>The type that was asked for; else the file's, if it has one only.</summary>
    public torch.ScalarType Type { get; }

    /// <summary>Opens them; libtorch is not needed.</summary>
    /// <exception cref="XDistilException">Something is missing, broken or does not fit together.</exception>
    /// <exception cref="ArgumentException">A model cannot compute in the type that is asked for.</exception>
    public static PretrainedFiles Open(string folder, LoadingOptions options)
    {
        ArgumentNullException.ThrowIfNull(folder);
        RefuseMissing(folder);
        if (
            options.DType is { } asked
            && asked is not (torch.ScalarType.Float16 or torch.ScalarType.BFloat16 or torch.ScalarType.Float32 or torch.ScalarType.Float64)
        )
            throw new ArgumentException(
                $"a model cannot compute in {asked}, expected Float16, BFloat16, Float32, Float64 or null.",
                nameof(options)
            );
        var config = BertConfig.FromFile(Path.Combine(folder, ConfigFile));
        var checkpoint = Checkpoint.Open(folder);
        try
        {
            RefuseAnotherSize(checkpoint, config);
            return new PretrainedFiles(config, checkpoint, options.DType ?? FilesOwn(checkpoint) ?? torch.ScalarType.Float32);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    // The type of the file, if it has one only.
    private static torch.ScalarType? FilesOwn(Checkpoint checkpoint)
    {
        var types = checkpoint.Tensors.Values.Select(t => t.DType).Where(t => t.IsFloat()).Distinct().ToList();
        return types.Count == 1 && types[0].TryTorch(out var torchType) ? torchType : null;
    }

    // A model far larger than the file is not made only to list what does not fit: it might not fit into memory either.
    private static void RefuseAnotherSize(Checkpoint checkpoint, BertConfig config)
    {
        var stored = checkpoint.Tensors.Values.Sum(t => t.Shape.Aggregate(1.0, (product, d) => product * d));
        if (config.NumHiddenLayers <= checkpoint.Tensors.Count && config.ParameterCount <= 4 * stored + 1e6)
            return;
        throw new CheckpointException(
            $"{checkpoint.Path}: holds {checkpoint.Tensors.Count} tensors with {stored:N0} numbers, {ConfigFile} describes {config.NumHiddenLayers} layers with "
                + $"{config.ParameterCount:N0}. The two belong to different models; take both from the same checkpoint."
        );
    }

    private static void RefuseMissing(string folder)
    {
        if (!Directory.Exists(folder))
            throw new CheckpointException(
                $"{folder}: there is no such folder. Expected one with config.json, the weights and the vocabulary."
            );
    }

    public void Dispose() => Checkpoint.Dispose();
}
