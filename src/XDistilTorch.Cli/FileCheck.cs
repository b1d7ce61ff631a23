namespace XDistilTorch.Cli;

/// <summary>Whether files can be read, before long work.</summary>
internal static class FileCheck
{
    /// <exception cref="DataException">There is no such file.</exception>
    public static void Readable(string path)
    {
        if (Directory.Exists(path))
            throw new DataException($"{path}: is a folder, expected a file.");
        if (!File.Exists(path))
            throw new DataException($"{path}: there is no such file.");
    }

    /// <summary>Whether a file can be written in the end; nothing stays of the attempt.</summary>
    /// <exception cref="DataException">It cannot, or is there and may not be replaced.</exception>
    public static void Writable(string path, bool mayReplace)
    {
        if (Directory.Exists(path))
            throw new DataException($"{path}: is a folder, expected the name of a file to write.");
        if (File.Exists(path) && !mayReplace)
            throw new DataException($"{path}: is there already. Replace it with --overwrite, or give another name with --output.");
        try
        {
            new FileStream(
                $"{path}.{Guid.NewGuid():N}.tmp",
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.None,
                1,
                FileOptions.DeleteOnClose
            ).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: cannot be written: {e.Message}", e);
        }
    }
}
