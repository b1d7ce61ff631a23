namespace XDistilTorch.Data.Writing;

/// <summary>A file that appears under its name when it is whole, and not at all otherwise.</summary>
internal sealed class ReplacedFile : IDisposable
{
    private readonly string path,
        temporary;

    public ReplacedFile(string path)
    {
        this.path = path;
        temporary = $"{path}.{Guid.NewGuid():n}.tmp";
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new DataException($"{path}: cannot be written: there is no folder {folder}. Create it, or name another file.");
        Stream = Try(() => new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16));
    }

    public FileStream Stream { get; }

    public void Commit() =>
        Try(() =>
        {
            Stream.Flush(flushToDisk: true);
            Stream.Dispose();
            File.Move(temporary, path, overwrite: true);
            return true;
        });

    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        finally
        {
            File.Delete(temporary); // gone already where all went well
        }
    }

    private T Try<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: cannot be written: {e.Message}", e);
        }
    }
}
