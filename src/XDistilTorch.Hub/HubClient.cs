namespace XDistilTorch.Hub;

/// <summary>
/// Models of the Hugging Face hub in the cache that Python's huggingface_hub uses too, in its layout and with its locks, so that neither fetches what the other has.
/// Safe to use from several threads.
/// </summary>
public sealed class HubClient : IDisposable
{
    private readonly HubOptions options;
    private readonly HubRequests requests;

    /// <param name="options">Hub and cache; null: those of the environment (<see cref="HubOptions.FromEnvironment"/>).</param>
    /// <exception cref="HubException">The environment asks for something that cannot be.</exception>
    public HubClient(HubOptions? options = null)
    {
        this.options = options ?? HubOptions.FromEnvironment();
        ArgumentOutOfRangeException.ThrowIfNegative(this.options.Retries, nameof(options));
        HubOptions.ParseEndpoint(this.options.Endpoint.OriginalString, nameof(HubOptions.Endpoint));
        requests = new HubRequests(this.options);
    }

    /// <summary>What the cache has of a model, without asking the hub, whose revision may be at another commit by now.</summary>
    /// <returns>The model, if it is there and whole: settings, vocabulary, weights; else null.</returns>
    /// <exception cref="HubException">The cache is damaged.</exception>
    public HubSnapshot? Find(HubModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var cache = Cache(model);
        return cache.Commit() is { } commit && Missing(cache, commit).Count == 0 ? Present(cache, model, commit) : null;
    }

    /// <summary>
    /// Asks the hub for a model and fetches what the cache does not have: settings, vocabulary, calibration, card, and the weights as safetensors, or as
    /// <c>pytorch_model.bin</c> where there is nothing else. When <see cref="HubOptions.Offline"/>, as <see cref="Find"/>.
    /// </summary>
    /// <remarks>A download that was cut or cancelled is taken up again by the next one. Hashes are checked while the bytes arrive.</remarks>
    /// <param name="model">The model and its revision.</param>
    /// <param name="progress">Is told how far the download is, on the thread that does it.</param>
    /// <param name="cancellation">Ends the download; what has arrived stays.</param>
    /// <exception cref="HubException">There is no such model, it may not be had, or what comes is not what the hub said.</exception>
    /// <exception cref="IOException">The cache cannot be written.</exception>
    public async Task<HubSnapshot> DownloadAsync(
        HubModel model,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        var cache = Cache(model);
        if (options.Offline)
            return Find(model) ?? throw NotCached(cache, model);
        var repository = new Repository(requests, options, model);
        var listing = await repository.ListAsync(cancellation);
        var fetching = new SnapshotDownload(requests, repository, cache, listing, progress);
        var files = await fetching.RunAsync(ModelFiles.Wanted([.. listing.Names], model), cancellation);
        cache.Remember(listing.Commit); // last: who finds the revision finds it whole
        return new HubSnapshot(model, listing.Commit, cache.Snapshot(listing.Commit), files);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => requests.Dispose();

    private HubCache Cache(HubModel model) => new(Path.GetFullPath(options.CacheFolder), model);

    private static IReadOnlyList<string> Missing(HubCache cache, string commit) => ModelFiles.Missing(name => cache.Entry(commit, name));

    private static HubSnapshot Present(HubCache cache, HubModel model, string commit) =>
        new(
            model,
            commit,
            cache.Snapshot(commit),
            [
                .. ModelFiles
                    .Present(name => cache.Entry(commit, name))
                    .Select(name => new HubFile(name, cache.Entry(commit, name)!.Length, Fetched: false)),
            ]
        );

    private HubException NotCached(HubCache cache, HubModel model)
    {
        var found = cache.Commit() is { } commit
            ? $"lacks {string.Join(", ", Missing(cache, commit))} of commit {commit}"
            : "does not have this revision";
        return new HubException(
            $"{model}: the cache {options.CacheFolder} {(Directory.Exists(cache.Folder) ? found : "does not have this model")}, and the hub is not asked (offline, HF_HUB_OFFLINE). Download it while there is a network."
        );
    }
}
