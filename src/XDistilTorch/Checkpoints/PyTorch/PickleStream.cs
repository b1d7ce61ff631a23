using System.Buffers.Binary;
using System.Numerics;

namespace XDistilTorch.Checkpoints.PyTorch;

/// <summary>
/// The form before zip archives: five pickles (a magic number, a version, the writing machine, the state dict, the storages' keys), then for
/// each key the number of elements, 8 bytes, and the elements.
/// </summary>
internal sealed class PickleStream
{
    private const long Version = 1001;
    private static readonly BigInteger Magic = BigInteger.Parse(
        "119547037146038801333356",
        System.Globalization.CultureInfo.InvariantCulture
    );

    private readonly MappedFile file;
    private readonly StorageTable table;
    private long position;

    private PickleStream(MappedFile file)
    {
        this.file = file;
        table = new StorageTable(file.Path);
    }

    /// <exception cref="CheckpointException">The file is damaged, or holds anything but tensors and their names.</exception>
    public static OrderedDictionary<string, StoredTensor> Read(MappedFile file) => new PickleStream(file).Read();

    private OrderedDictionary<string, StoredTensor> Read()
    {
        if (!Magic.Equals(Unpickle("magic number")))
            throw Fault("the pickle at its start is not PyTorch's magic number; it is a pickle of something else");
        if (Unpickle("version") is not Version)
            throw Fault($"its version is not {Version}, the only one there is");
        RefuseBigEndian(Unpickle("description of the machine"));

        var tensors = StateDict.From(Unpickle("state dict"), file.Path);
        var storages = FindStorages(Keys(Unpickle("list of storages")));
        var stored = new OrderedDictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in tensors)
            stored.Add(name, storages[tensor.Storage.Key].View(name, tensor));
        return stored;
    }

    private object? Unpickle(string part)
    {
        var rest = (int)Math.Min(file.Length - position, Unpickler.LongestPickle);
        var unpickler = new Unpickler(file.Bytes(position, rest), $"{file.Path}: {part}, from byte {position}", table.Load);
        var value = unpickler.Run();
        position += unpickler.Consumed;
        return value;
    }

    private void RefuseBigEndian(object? machine)
    {
        if (machine is not PickleDict dict || !dict.Items.Exists(item => item is { Key: "little_endian", Value: bool }))
            throw Fault("it does not say whether the writing machine was little-endian");
        if (dict.Items.Exists(item => item is { Key: "little_endian", Value: false }))
            throw Fault(
                "it was written big-endian, expected little-endian; save the weights as safetensors on the machine that wrote them"
            );
    }

    private string[] Keys(object? list)
    {
        if (list is not PickleList keys || !keys.Items.TrueForAll(key => key is string))
            throw Fault($"its list of storages is {PickleWording.Describe(list)}, expected a list of keys");
        string[] names = [.. keys.Items.Cast<string>()];
        foreach (var missing in table.Storages.Keys.Except(names))
            throw Fault($"storage {missing} is missing from the list of storages");
        return names;
    }

    private Dictionary<string, StorageData> FindStorages(string[] keys)
    {
        var found = new Dictionary<string, StorageData>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            if (!table.Storages.TryGetValue(key, out var storage))
                throw Fault($"its list of storages has {Wording.Show(key)}, of which no tensor is made, so that its size is unknown");
            if (file.Length - position < 8)
                throw Fault($"it ends before storage {key}; the file is cut short");
            var count = BinaryPrimitives.ReadInt64LittleEndian(file.Bytes(position, 8));
            if (count != storage.Count)
                throw Fault($"storage {key} has {count:N0} elements, its tensors expect {storage.Count:N0}");
            position += 8;

            var length = (Int128)count * storage.DType.Bits() / 8;
            if (length > file.Length - position)
                throw Fault($"storage {key} is {length:N0} bytes, the file has only {file.Length - position:N0} more; it is cut short");
            if (!found.TryAdd(key, new StorageData(file, position, key, (long)length, crc32: null)))
                throw Fault($"its list of storages has {key} twice");
            position += (long)length;
        }
        return position == file.Length ? found : throw Fault($"after the last storage it has {file.Length - position:N0} more bytes");
    }

    private CheckpointException Fault(string finding) => new($"{file.Path}: {finding}.");
}
