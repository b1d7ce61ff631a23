namespace XDistilTorch.Cli.Inspecting.OverData;

/// <summary>A file that has the name <c>F.partial</c> until it is whole, and keeps it, with all that was written, where the work ends before.</summary>
internal sealed class PartialFile : IDisposable
{
    private readonly string path;

    /// <exception cref="XDistilException">It cannot be written, or is there already in part or whole and may not be replaced.</exception>
    public PartialFile(string path, bool overwrite)
    {
        this.path = path;
        FileCheck.Writable(path, overwrite);
        FileCheck.Writable(Name, overwrite);
        Stream = Try(() => new FileStream(Name, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16));
    }

    /// <summary>Its name while it is written.</summary>
    public string Name => $"{path}.partial";

    public FileStream Stream { get; }

    /// <summary>Gives it its own name.</summary>
    public void Commit() =>
        Try(() =>
        {
            Stream.Flush(flushToDisk: true);
            Stream.Dispose();
            File.Move(Name, path, overwrite: true);
            return true;
        });

    /// <summary>Removes it: nothing is lost.</summary>
    public void Discard()
    {
        Stream.Dispose();
        File.Delete(Name);
    }

    public void Dispose() => Stream.Dispose();

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
