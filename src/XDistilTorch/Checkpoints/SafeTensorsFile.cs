using System.Collections.ObjectModel;
using static TorchSharp.torch;

namespace XDistilTorch.Checkpoints;

/// <summary>
/// An open safetensors file, mapped into memory: names, types and shapes are known and checked, data is read when asked for.
/// Reading from several threads is safe.
/// </summary>
public sealed class SafeTensorsFile : IWeightFile
{
    private readonly MappedFile file;
    private readonly OrderedDictionary<string, StoredTensor> stored = new(StringComparer.Ordinal);

    private SafeTensorsFile(MappedFile file)
    {
        this.file = file;
        var header = SafeTensorsHeader.Read(file);
        var entries = new OrderedDictionary<string, TensorEntry>(StringComparer.Ordinal);
        foreach (var place in header.Places)
        {
            var entry = new TensorEntry(place.Name, place.DType, place.Shape.AsReadOnly(), place.End - place.Begin, file.Path);
            entries.Add(place.Name, entry);
            stored.Add(place.Name, new StoredTensor(entry, file, header.DataStart + place.Begin));
        }
        Tensors = new ReadOnlyDictionary<string, TensorEntry>(entries);
        Metadata = new ReadOnlyDictionary<string, string>(header.Metadata);
    }

    /// <summary>The path that was opened.</summary>
    public string Path => file.Path;

    /// <summary>What the file says of its tensors, by name, in the order of their data.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>The file's own notes, its <c>__metadata__</c>; empty when it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    IReadOnlyDictionary<string, StoredTensor> IWeightFile.Stored => stored;

    /// <exception cref="CheckpointException">The file is absent, unreadable or breaks the format.</exception>
    internal static SafeTensorsFile Open(string path)
    {
        var file = MappedFile.Open(path);
        try
        {
            return new SafeTensorsFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads one tensor: a CPU tensor of the file's type and shape, owned by the caller and independent of this file.</summary>
    /// <param name="name">A name from <see cref="Tensors"/>.</param>
    /// <exception cref="KeyNotFoundException">The file has no such tensor.</exception>
    /// <exception cref="CheckpointException">libtorch has no tensors of that type here.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public Tensor Read(string name) => Find(name).ToTensor();

    /// <summary>The data of one tensor as it lies in the file (row-major, little-endian); nothing is copied.</summary>
    /// <remarks>The bytes are only there until this file is disposed: reading them later ends the process.</remarks>
    /// <param name="name">A name from <see cref="Tensors"/>.</param>
    /// <exception cref="KeyNotFoundException">The file has no such tensor.</exception>
    /// <exception cref="OverflowException">The data is longer than a span can be, 2 GB; use <see cref="OpenStream"/>.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public ReadOnlySpan<byte> ReadBytes(string name)
    {
        var tensor = Find(name);
        return file.Bytes(tensor.Offset, checked((int)tensor.Entry.ByteLength));
    }

    /// <summary>The data of one tensor as a seekable stream of any length, which the caller disposes.</summary>
    /// <param name="name">A name from <see cref="Tensors"/>.</param>
    /// <exception cref="KeyNotFoundException">The file has no such tensor.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public Stream OpenStream(string name)
    {
        var tensor = Find(name);
        return file.OpenStream(tensor.Offset, tensor.Entry.ByteLength);
    }

    /// <summary>Closes the file. Tensors that were read stay valid; spans do not.</summary>
    public void Dispose() => file.Dispose();

    private StoredTensor Find(string name) =>
        stored.TryGetValue(name, out var tensor)
            ? tensor
            : throw new KeyNotFoundException($"{Path} has no tensor {Wording.Show(name)}; it has {Wording.Count(stored.Count, "tensor")}.");
}
