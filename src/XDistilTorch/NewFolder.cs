namespace XDistilTorch;

/// <summary>Makes a folder that appears whole or not at all: filled beside its place, then renamed.</summary>
internal static class NewFolder
{
    /// <param name="folder">The folder, which is not there yet; missing folders above it are made.</param>
    /// <param name="fill">Fills the folder whose path it is given.</param>
    /// <param name="fault">What is thrown when the folder cannot be made, or what fills it failed; nothing stays then.</param>
    public static void Make(string folder, Action<string> fill, Func<string, Exception, XDistilException> fault)
    {
        var place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var aside = $"{place}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(aside);
            fill(aside);
            Directory.Move(aside, place);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or XDistilException)
        {
            // Said of the file where it was to be, not of the one aside, which is gone.
            throw fault($"{folder}: cannot be written: {e.Message.Replace(aside, folder, StringComparison.Ordinal)}", e);
        }
        finally
        {
            if (Directory.Exists(aside)) // not renamed: something went wrong
                Directory.Delete(aside, recursive: true);
        }
    }
}
