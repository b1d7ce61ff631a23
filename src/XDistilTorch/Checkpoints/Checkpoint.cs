using System.Collections.ObjectModel;
using XDistilTorch.Checkpoints.PyTorch;
using static TorchSharp.torch;

namespace XDistilTorch.Checkpoints;

/// <summary>
/// The weights of a model as they lie on the disk, in one view whatever their format: safetensors, safetensors in several files,
/// or PyTorch's <c>.bin</c>. Files are mapped, and read when asked for. Reading from several threads is safe.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    // In the order of preference.
    private static readonly string[] KnownNames =
    [
        "model.safetensors",
        "model.safetensors.index.json",
        "pytorch_model.bin",
        "pytorch_model.bin.index.json",
    ];

    private readonly IWeightFile weights;

    private Checkpoint(string path, IWeightFile weights)
    {
        Path = path;
        this.weights = weights;
        var entries = new OrderedDictionary<string, TensorEntry>(StringComparer.Ordinal);
        foreach (var (name, tensor) in weights.Stored)
            entries.Add(name, tensor.Entry);
        Tensors = new ReadOnlyDictionary<string, TensorEntry>(entries);
    }

    /// <summary>The file that was opened: that of the weights, or the index of several.</summary>
    public string Path { get; }

    /// <summary>What the files say of their tensors, by name, in the files' order.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>The files' own notes, such as safetensors' <c>__metadata__</c>; often empty.</summary>
    public IReadOnlyDictionary<string, string> Metadata => weights.Metadata;

    /// <summary>Where the tensors lie, for those who copy them.</summary>
    internal IReadOnlyDictionary<string, StoredTensor> Stored => weights.Stored;

    /// <summary>
    /// Opens the weights of a model folder (the first of <c>model.safetensors</c>, <c>model.safetensors.index.json</c>,
    /// <c>pytorch_model.bin</c>, <c>pytorch_model.bin.index.json</c>), or a file of one of these kinds under any name.
    /// </summary>
    /// <param name="path">A folder or a file.</param>
    /// <exception cref="CheckpointException">
    /// There is no such folder or file, or no weights in it; or the file is unreadable, damaged, a git-lfs pointer, or holds anything but weights.
    /// </exception>
    public static Checkpoint Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = Directory.Exists(path) ? FindIn(path) : path;
        return new Checkpoint(file, OpenFile(file));
    }

    /// <summary>Reads one tensor: a CPU tensor of the file's type and shape, owned by the caller and independent of this object.</summary>
    /// <param name="name">A name from <see cref="Tensors"/>.</param>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    /// <exception cref="CheckpointException">The data is damaged, or libtorch has no tensors of that type here.</exception>
    /// <exception cref="ObjectDisposedException">The files are closed.</exception>
    public Tensor Read(string name) =>
        Stored.TryGetValue(name, out var tensor)
            ? tensor.ToTensor()
            : throw new KeyNotFoundException($"{Path} has no tensor {Wording.Show(name)}; it has {Wording.Count(Stored.Count, "tensor")}.");

    /// <summary>Closes the files. Tensors that were read stay valid.</summary>
    public void Dispose() => weights.Dispose();

    private static string FindIn(string folder)
    {
        foreach (var name in KnownNames)
            if (System.IO.Path.Combine(folder, name) is var file && File.Exists(file))
                return file;

        string[] others =
        [
            .. Directory
                .EnumerateFiles(folder)
                .Select(file => System.IO.Path.GetFileName(file))
                .Where(name =>
                    System.IO.Path.GetExtension(name)
                        is ".safetensors"
                            or ".bin"
                            or ".pt"
                            or ".pth"
                            or ".h5"
                            or ".msgpack"
                            or ".onnx"
                            or ".ckpt"
                )
                .Order(StringComparer.Ordinal)
                .Take(5),
        ];
        throw new CheckpointException(
            $"{folder} has no weights: looked for {string.Join(", ", KnownNames)}"
                + (
                    others.Length == 0
                        ? "."
                        : $"; found {string.Join(", ", others)}. A file of weights under another name can be opened by its own path."
                )
        );
    }

    private static IWeightFile OpenFile(string path)
    {
        if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return ShardIndex.Open(path, OpenWeights);
        return OpenWeights(path);
    }

    private static IWeightFile OpenWeights(string path) =>
        path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) ? SafeTensorsFile.Open(path) : PyTorchFile.Open(path);
}
