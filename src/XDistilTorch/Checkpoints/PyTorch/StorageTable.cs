namespace XDistilTorch.Checkpoints.PyTorch;

/// <summary>The storages a pickle refers to, each once, checked to be spoken of in one way.</summary>
internal sealed class StorageTable(string place)
{
    private readonly Dictionary<string, PickleStorage> storages = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, PickleStorage> Storages => storages;

    /// <summary>Reads a persistent id: ('storage', type, key, device, elements) and, in files that are no zips, a view, which no version in use writes.</summary>
    public PickleStorage Load(object?[] id)
    {
        var items = id is [.., null] && id.Length == 6 ? id[..5] : id;
        if (items is not ["storage", PickleGlobal { Storage: { } dtype }, string key, string, long count])
            throw new CheckpointException(
                $"{place}: it refers to something outside the pickle by ({string.Join(", ", id.Take(8).Select(PickleWording.Describe))}), "
                    + "expected ('storage', type, key, device, number of elements)."
            );
        // The key becomes part of a name in the archive.
        if (key.Length is 0 or > 100 || !key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            throw new CheckpointException($"{place}: a storage has the key {Wording.Show(key)}, expected a plain name such as 0.");
        if (count < 0)
            throw new CheckpointException($"{place}: storage {key} has {count} elements.");

        var storage = new PickleStorage(key, dtype, count);
        if (!storages.TryAdd(key, storage) && storages[key] != storage)
            throw new CheckpointException(
                $"{place}: storage {key} is once {storages[key].Count} elements of {storages[key].DType.FileName()}, once {count} of {dtype.FileName()}."
            );
        return storage;
    }
}
