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
}
