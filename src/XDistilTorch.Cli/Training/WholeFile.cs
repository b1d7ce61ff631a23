using System.Text;

namespace XDistilTorch.Cli.Training;

/// <summary>A text file in a folder of our own that is replaced as a whole. It has one temporary name, so that a process that is killed leaves nothing that stays.</summary>
internal static class WholeFile
{
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, string text)
    {
        var temporary = $"{path}.tmp";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }
}
