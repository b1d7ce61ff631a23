using static TorchSharp.torch;

namespace XDistilTorch.Checkpoints;

/// <summary>
/// Files in the safetensors format, read and written strictly to its rules, for any tensors: no model is needed.
/// Stricter than the reference reader in one point: a name that stands twice is refused.
/// </summary>
public static class SafeTensors
{
    /// <summary>Opens a file: its header is read and checked, its data is mapped and read when asked for.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The file is absent, unreadable, a git-lfs pointer, or breaks the format.</exception>
    public static SafeTensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return SafeTensorsFile.Open(path);
    }

    /// <summary>Reads all tensors of a file, in the order of their data; the caller owns, and disposes, each of them.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The file is absent, unreadable, breaks the format, or has a type that libtorch does not have here.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(string path)
    {
        using var file = Open(path);
        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            foreach (var name in file.Tensors.Keys)
                tensors.Add(name, file.Read(name));
            return tensors;
        }
        catch
        {
            foreach (var tensor in tensors.Values)
                tensor.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Writes tensors to a file: to a temporary name in the same folder, flushed to the disk, then renamed, so that the path holds
    /// the old file or the whole new one, and a failure leaves nothing behind. Larger types come first, names in ordinal order,
    /// so that all data is aligned and equal tensors give equal files.
    /// </summary>
    /// <param name="path">The file; its folder must exist. An existing file is replaced.</param>
    /// <param name="tensors">On any device, with any strides; they are not changed and stay the caller's.</param>
    /// <param name="metadata">Notes for the file's <c>__metadata__</c>; Python's transformers expects <c>format</c> to be <c>pt</c>.</param>
    /// <exception cref="ArgumentException">A name stands twice, is <c>__metadata__</c> or no Unicode; or a type is not of the format.</exception>
    /// <exception cref="CheckpointException">The file cannot be written.</exception>
    public static void Write(
        string path,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IEnumerable<KeyValuePair<string, string>>? metadata = null
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        new SafeTensorsWriter(tensors, metadata ?? []).Write(path);
    }
}
