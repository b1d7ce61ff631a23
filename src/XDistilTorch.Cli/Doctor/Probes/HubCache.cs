using XDistilTorch.Hub;

namespace XDistilTorch.Cli.Doctor.Probes;

/// <summary>Where downloaded models are kept, shared with Python's huggingface_hub.</summary>
/// <param name="Folder">The folder that holds <c>models--org--name</c>; need not be there yet.</param>
/// <param name="Source">The environment variable that says so; null: the usual place.</param>
internal sealed record HubCache(string Folder, string? Source)
{
    /// <summary>The place that the environment gives.</summary>
    /// <param name="variable">The value of an environment variable; null: not set.</param>
    public static HubCache Of(Func<string, string?> variable)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        (string Name, string Below)[] places = [("HF_HUB_CACHE", ""), ("HF_HOME", "hub"), ("XDG_CACHE_HOME", "huggingface/hub")];
        foreach (var (name, below) in places)
            if (variable(name) is { Length: > 0 } given)
                return new HubCache(Path.GetFullPath(Path.Combine(HubEnvironment.InHome(given, home), below)), name);
        return new HubCache(Path.Combine(home, ".cache", "huggingface", "hub"), null);
    }

    /// <summary>Why nothing can be written there; null: something can.</summary>
    public string? Obstacle()
    {
        // What is not there would be made, in the first folder above that is.
        var folder = Folder;
        while (!Directory.Exists(folder))
        {
            if (File.Exists(folder))
                return $"{folder} is a file";
            if (Path.GetDirectoryName(folder) is not { } above)
                return $"{folder} is not there";
            folder = above;
        }
        try
        {
            var probe = Path.Combine(folder, $".xdistil-{Guid.NewGuid():N}");
            new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message.TrimEnd('.');
        }
    }
}
