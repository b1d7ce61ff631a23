using System.Collections.ObjectModel;

namespace XDistilTorch.Checkpoints.PyTorch;

/// <summary>
/// An open file of PyTorch's <c>torch.save</c>, in either of its two forms: a zip archive with a pickle and a file for each storage,
/// or (until version 1.6) pickles followed by the storages. The file may come from anybody: see <see cref="Unpickler"/>.
/// </summary>
internal sealed class PyTorchFile : IWeightFile
{
    private readonly MappedFile file;

    private PyTorchFile(MappedFile file, IReadOnlyDictionary<string, StoredTensor> stored)
    {
        this.file = file;
        Stored = stored;
    }

    public IReadOnlyDictionary<string, StoredTensor> Stored { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; } = ReadOnlyDictionary<string, string>.Empty;

    /// <exception cref="CheckpointException">The file is absent, unreadable, damaged, or holds anything but tensors and their names.</exception>
    public static PyTorchFile Open(string path)
    {
        var file = MappedFile.Open(path);
        try
        {
            return new PyTorchFile(file, Read(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => file.Dispose();

    private static OrderedDictionary<string, StoredTensor> Read(MappedFile file)
    {
        if (ZipDirectory.IsZip(file))
            return ZipArchive.Read(file);
        const byte protocol = 0x80; // the first instruction of every pickle since protocol 2
        if (file.Bytes(0, 1)[0] == protocol)
            return PickleStream.Read(file);
        throw new CheckpointException(
            $"{file.Path} is neither of the two kinds of file that torch.save writes: it begins as no zip archive and as no pickle."
        );
    }
}
