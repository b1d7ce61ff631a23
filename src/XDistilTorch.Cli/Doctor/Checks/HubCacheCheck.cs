using XDistilTorch.Cli.Doctor.Probes;

namespace XDistilTorch.Cli.Doctor.Checks;

/// <summary>Where downloaded models are kept, and whether anything can be written there.</summary>
/// <param name="variable">The value of an environment variable; null: not set.</param>
internal sealed class HubCacheCheck(Func<string, string?> variable) : ICheck
{
    private static readonly string[] Off = ["0", "", "false", "no", "off"];

    public string Name => "hub cache";

    public Finding Run()
    {
        var cache = HubCache.Of(variable);
        var found = $"{cache.Folder}{(cache.Source is { } source ? $" ({source})" : "")}{Notes()}";
        return cache.Obstacle() is not { } obstacle
            ? Finding.Ok(found)
            : Finding.Warning(
                $"{found}: cannot be written: {obstacle}",
                "Models cannot be downloaded. Make the folder writable, or name another one with HF_HOME or HF_HUB_CACHE."
            );
    }

    // What else decides on downloads; a token is never shown.
    private string Notes() =>
        (variable("HF_HUB_OFFLINE") is { } offline && !Off.Contains(offline.ToLowerInvariant()) ? ", offline by HF_HUB_OFFLINE" : "")
        + (variable("HF_ENDPOINT") is { Length: > 0 } endpoint ? $", from {endpoint}" : "")
        + (variable("HF_TOKEN") is { Length: > 0 } ? ", with a token" : "");
}
