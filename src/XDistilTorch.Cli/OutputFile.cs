namespace XDistilTorch.Cli;

/// <summary>Files that commands write.</summary>
internal static class OutputFile
{
    /// <summary>Refuses to replace a file unless that was asked for.</summary>
    /// <exception cref="XDistilException">The file is there, or is a folder.</exception>
    public static void Check(string path, bool overwrite)
    {
        if (Directory.Exists(path))
            throw new XDistilException($"{path}: is a folder, expected the name of a file to write.");
        if (!overwrite && File.Exists(path))
            throw new XDistilException($"{path}: is there already. Name another file, or give --overwrite to replace it.");
    }
}
