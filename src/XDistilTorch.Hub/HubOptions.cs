namespace XDistilTorch.Hub;

/// <summary>Which hub and which cache, and how patient the client is. <see cref="FromEnvironment"/> reads what Python's huggingface_hub reads.</summary>
public sealed record HubOptions
{
    /// <summary>The folder that holds <c>models--org--name</c>.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>The hub, http or https.</summary>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>Who asks, for private and gated models; sent to <see cref="Endpoint"/>'s own host and port only.</summary>
    public string? Token { get; init; }

    /// <summary>Whether nothing is asked of the hub: the cache has the model or not.</summary>
    public bool Offline { get; init; }

    /// <summary>How often a request is repeated after a failure that may pass (5xx, 429, a cut connection).</summary>
    public int Retries { get; init; } = 4;

    /// <summary>The wait before the first repetition, doubled each time, more or less by chance.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait, also for a server that asks for more (<c>Retry-After</c>): that one is not waited for.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>After so long without a byte a connection counts as cut.</summary>
    public TimeSpan LongestSilence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The options that the environment asks for: <c>HF_HOME</c>, <c>HF_HUB_CACHE</c>, <c>HF_ENDPOINT</c>, <c>HF_TOKEN</c> (else the file <c>HF_TOKEN_PATH</c> or
    /// <c>HF_HOME/token</c>) and <c>HF_HUB_OFFLINE</c>.
    /// </summary>
    /// <exception cref="HubException">A variable has no sensible value.</exception>
    public static HubOptions FromEnvironment() => HubEnvironment.Read(Environment.GetEnvironmentVariable);

    /// <summary>Reads the address of a hub.</summary>
    /// <param name="text">Such as <c>https://huggingface.co</c>.</param>
    /// <param name="source">Where it comes from, for the message.</param>
    /// <exception cref="HubException">It is none: not http or https, or with a user, a query or a fragment.</exception>
    public static Uri ParseEndpoint(string text, string source) =>
        Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && uri.UserInfo.Length == 0
        && uri.Query.Length == 0
        && uri.Fragment.Length == 0
            ? uri
            : throw new HubException($"{source} is \"{text}\", expected the address of a hub such as https://huggingface.co.");

    /// <summary>Hub and cache; never the token.</summary>
    public override string ToString() => $"{Endpoint} in {CacheFolder}";
}
