namespace XDistilTorch.Hub;

/// <summary>The variables of Python's huggingface_hub.</summary>
internal static class HubEnvironment
{
    private static readonly string[] Yes = ["1", "ON", "YES", "TRUE"];

    /// <exception cref="HubException">A variable has no sensible value.</exception>
    public static HubOptions Read(Func<string, string?> variable)
    {
        string? Value(string name) => variable(name) is { Length: > 0 } value ? value : null;
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string? Folder(string name) => Value(name) is { } path ? InHome(path, user) : null;

        var home = Folder("HF_HOME") ?? Path.Combine(Folder("XDG_CACHE_HOME") ?? Path.Combine(user, ".cache"), "huggingface");
        var options = new HubOptions
        {
            CacheFolder = Path.GetFullPath(Folder("HF_HUB_CACHE") ?? Path.Combine(home, "hub")),
            Token = Token(Value("HF_TOKEN"), "HF_TOKEN") ?? TokenIn(Folder("HF_TOKEN_PATH") ?? Path.Combine(home, "token")),
            Offline = Value("HF_HUB_OFFLINE") is { } offline && Yes.Contains(offline.ToUpperInvariant()),
        };
        return Value("HF_ENDPOINT") is { } endpoint
            ? options with
            {
                Endpoint = HubOptions.ParseEndpoint(endpoint, "HF_ENDPOINT"),
            }
            : options;
    }

    // "~" is the shell's, which does not see what stands in quotes or in a file of settings; Python expands it too.
    internal static string InHome(string path, string user) =>
        path == "~" ? user
        : path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(user, path[2..])
        : path;

    private static string? TokenIn(string file)
    {
        try
        {
            return File.Exists(file) ? Token(File.ReadAllText(file), file) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HubException($"{file}: the hub's token cannot be read: {e.Message}", e);
        }
    }

    // It becomes a header: a character that does not belong there must not be sent, and not be shown in a message either.
    private static string? Token(string? text, string source) =>
        text?.Trim() switch
        {
            null or "" => null,
            { Length: <= 1000 } token when token.All(c => c is > ' ' and <= '~') => token,
            _ => throw new HubException($"{source}: holds no token of the hub, expected one word such as hf_..., without spaces."),
        };
}
