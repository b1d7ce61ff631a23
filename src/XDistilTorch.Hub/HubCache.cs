namespace XDistilTorch.Hub;

/// <summary>
/// One model's place in the cache: <c>blobs</c> with the contents under their etags, <c>snapshots/COMMIT</c> with links to them under their names, <c>refs/REVISION</c>
/// with the commit that a branch or tag stands for, and locks beside. Whatever appears here appears whole, by a rename.
/// </summary>
internal sealed class HubCache(string root, HubModel model)
{
    private const string RefsFolder = "refs",
        BlobsFolder = "blobs";

    private readonly string folderName = $"models--{model.Name.Replace("/", "--", StringComparison.Ordinal)}";

    /// <summary>The model's folder.</summary>
    public string Folder => Path.Combine(root, folderName);

    public string Blob(string etag) => Path.Combine(Folder, BlobsFolder, etag);

    /// <summary>Where a content is gathered until it is whole; the name that Python's client uses, so that each goes on where the other stopped.</summary>
    public string Incomplete(string etag) => Blob(etag) + ".incomplete";

    public string Lock(string etag) => Path.Combine(root, ".locks", folderName, $"{etag}.lock");

    public string Snapshot(string commit) => Path.Combine(Folder, "snapshots", commit);

    /// <summary>The commit that the model's revision stands for, as far as the cache knows; null: not known.</summary>
    /// <exception cref="HubException">What the cache has there is no commit.</exception>
    public string? Commit()
    {
        if (HubModel.IsCommit(model.Revision))
            return model.Revision;
        var file = Ref;
        if (!File.Exists(file))
            return null;
        var commit = File.ReadAllText(file).Trim();
        return HubModel.IsCommit(commit)
            ? commit
            : throw new HubException($"{file}: holds no commit, expected 40 hexadecimal digits. Remove it, and download the model again.");
    }

    /// <summary>Writes down which commit the model's revision stands for.</summary>
    public void Remember(string commit)
    {
        if (HubModel.IsCommit(model.Revision) || (File.Exists(Ref) && File.ReadAllText(Ref) == commit))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(Ref)!);
        Appear(Ref, aside => File.WriteAllText(aside, commit)); // without a line end, as Python reads it
    }

    /// <summary>The file of a snapshot, if it is there.</summary>
    /// <exception cref="HubException">It is a link to somewhere outside of the cache.</exception>
    public FileInfo? Entry(string commit, string name)
    {
        var entry = new FileInfo(Path.Combine(Snapshot(commit), name));
        if (entry.LinkTarget is null)
            return entry.Exists ? entry : null;
        if (entry.ResolveLinkTarget(returnFinalTarget: true) is not FileInfo target)
            return null;
        if (!target.FullName.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new HubException(
                $"{entry.FullName}: is a link to {target.FullName}, expected one into the cache {root}. Remove it, and download the model again."
            );
        return target.Exists ? target : null; // a link to a content that was removed counts as nothing
    }

    /// <summary>Gives a content its name in a snapshot: by a relative link, or a copy where the system has no links.</summary>
    public void Link(string commit, string name, string etag)
    {
        var entry = Path.Combine(Snapshot(commit), name);
        Directory.CreateDirectory(Path.GetDirectoryName(entry)!);
        Appear(
            entry,
            aside =>
            {
                try
                {
                    File.CreateSymbolicLink(aside, Path.Combine("..", "..", BlobsFolder, etag));
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
                {
                    File.Copy(Blob(etag), aside);
                }
            }
        );
    }

    private string Ref => Path.Combine(Folder, RefsFolder, model.Revision);

    private static void Appear(string path, Action<string> make)
    {
        var aside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            make(aside);
            File.Move(aside, path, overwrite: true);
        }
        finally
        {
            File.Delete(aside); // gone already where all went well
        }
    }
}
