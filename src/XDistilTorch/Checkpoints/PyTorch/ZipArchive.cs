namespace XDistilTorch.Checkpoints.PyTorch;

/// <summary>The zip form: <c>archive/data.pkl</c> names the tensors, <c>archive/data/0</c> and so on hold the storages.</summary>
internal static class ZipArchive
{
    private const string PickleName = "data.pkl";

    /// <exception cref="CheckpointException">The archive is damaged, or holds anything but tensors and their names.</exception>
    public static OrderedDictionary<string, StoredTensor> Read(MappedFile file)
    {
        var entries = ZipDirectory.Read(file).Entries;
        var pickle = FindPickle(file, entries);
        var folder = pickle.Name[..^PickleName.Length];
        RefuseBigEndian(file, entries.GetValueOrDefault(folder + "byteorder"));

        var place = $"{file.Path}: {pickle.Name}";
        if (pickle.Length > Unpickler.LongestPickle)
            throw new CheckpointException($"{place} is {pickle.Length:N0} bytes, at most {Unpickler.LongestPickle:N0} are read.");
        StorageData.CheckCrc32(file, pickle.Name, pickle.Offset, pickle.Length, pickle.Crc32);

        var table = new StorageTable(place);
        var pickled = new Unpickler(file.Bytes(pickle.Offset, (int)pickle.Length), place, table.Load).Run();
        var tensors = StateDict.From(pickled, place);

        var storages = table.Storages.ToDictionary(pair => pair.Key, pair => Find(file, entries, $"{folder}data/{pair.Key}", pair.Value));
        var stored = new OrderedDictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in tensors)
            stored.Add(name, storages[tensor.Storage.Key].View(name, tensor));
        return stored;
    }

    private static ZipEntry FindPickle(MappedFile file, IReadOnlyDictionary<string, ZipEntry> entries)
    {
        var pickles = entries.Values.Where(entry => entry.Name.Split('/') is [_, PickleName]).ToArray();
        return pickles.Length == 1
            ? pickles[0]
            : throw new CheckpointException(
                $"{file.Path} is a zip archive with {pickles.Length} entries of the kind archive/{PickleName}, expected one, as torch.save writes it."
            );
    }

    private static void RefuseBigEndian(MappedFile file, ZipEntry? entry)
    {
        if (entry is null) // versions before 2.0 wrote none, and only on little-endian machines
            return;
        var order = file.Bytes(entry.Offset, (int)Math.Min(entry.Length, 16));
        if (!order.SequenceEqual("little"u8))
            throw new CheckpointException(
                $"{file.Path}: {entry.Name} says {Wording.Show(System.Text.Encoding.ASCII.GetString(order))}, expected little: "
                    + "the numbers are in another byte order. Save the weights as safetensors on the machine that wrote them."
            );
    }

    private static StorageData Find(MappedFile file, IReadOnlyDictionary<string, ZipEntry> entries, string name, PickleStorage storage)
    {
        if (!entries.TryGetValue(name, out var entry))
            throw new CheckpointException($"{file.Path}: the entry {name} for storage {storage.Key} is missing from the archive.");
        if (entry.Length != (Int128)storage.Count * storage.DType.Bits() / 8)
            throw new CheckpointException(
                $"{file.Path}: {name} is {entry.Length:N0} bytes, expected those of {storage.Count:N0} elements of type {storage.DType.FileName()}."
            );
        return new StorageData(file, entry.Offset, name, entry.Length, entry.Crc32);
    }
}
