namespace XDistilTorch.Data;

/// <summary>A folder for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("xdistil-data-").FullName;

    public IEnumerable<string?> Names => Directory.EnumerateFileSystemEntries(path).Select(Path.GetFileName);

    public string At(string name) => Path.Combine(path, name);

    public void Dispose() => Directory.Delete(path, recursive: true);
}
