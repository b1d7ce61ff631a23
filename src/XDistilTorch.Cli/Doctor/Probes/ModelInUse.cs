using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;

namespace XDistilTorch.Cli.Doctor.Probes;

/// <summary>The model that commands would take, looked up when it is first asked for.</summary>
/// <param name="named">The value of --model; null: not given.</param>
internal sealed class ModelInUse(string? named)
{
    private readonly Lazy<string> folder = new(() => ModelFolders.Resolve(named));

    /// <exception cref="XDistilException">There is none.</exception>
    public string Folder => folder.Value;

    /// <exception cref="XDistilException">It cannot be read.</exception>
    public BertConfig Config() => BertConfig.FromFile(Path.Combine(Folder, "config.json"));

    /// <summary>How many numbers the checkpoint has.</summary>
    /// <exception cref="XDistilException">It cannot be read.</exception>
    public long Parameters()
    {
        using var checkpoint = Checkpoint.Open(Folder);
        return checkpoint.Tensors.Values.Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size));
    }
}
