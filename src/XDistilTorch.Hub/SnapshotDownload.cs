namespace XDistilTorch.Hub;

/// <summary>Brings the files of one commit into the cache, and tells how far that is.</summary>
internal sealed class SnapshotDownload(
    HubRequests requests,
    Repository repository,
    HubCache cache,
    Repository.Listing listing,
    IProgress<DownloadProgress>? progress
)
{
    private long done,
        total;

    /// <summary>Fetches files, and those that an index among them names.</summary>
    /// <exception cref="HubException">One cannot be had.</exception>
    public async Task<IReadOnlyList<HubFile>> RunAsync(IReadOnlyList<string> names, CancellationToken cancellation)
    {
        if (names.FirstOrDefault(ModelFiles.IsIndex) is not { } index)
            return await FetchAllAsync(names, cancellation);
        // The index first: only then it is known how much there is to fetch.
        var first = await FetchAllAsync([index], cancellation);
        var parts = ModelFiles.Parts(cache.Entry(listing.Commit, index)!, index);
        if (parts.FirstOrDefault(part => !listing.Names.Contains(part)) is { } absent)
            throw new HubException($"{index}: names the file {absent}, which the repository does not have.");
        return
        [
            .. await FetchAllAsync([.. names.Where(name => name != index)], cancellation),
            .. first,
            .. await FetchAllAsync(parts, cancellation),
        ];
    }

    private async Task<IReadOnlyList<HubFile>> FetchAllAsync(IReadOnlyList<string> names, CancellationToken cancellation)
    {
        var remote = new Dictionary<string, RemoteFile>(StringComparer.Ordinal);
        foreach (var name in names.Where(name => cache.Entry(listing.Commit, name) is null))
            remote.Add(name, await repository.LookAsync(name, listing.Commit, cancellation));
        total += remote.Values.Sum(file => file.Bytes);
        var files = new List<HubFile>();
        foreach (var name in names)
            files.Add(
                remote.TryGetValue(name, out var file)
                    ? await FetchAsync(file, cancellation)
                    : new HubFile(name, cache.Entry(listing.Commit, name)!.Length, Fetched: false)
            );
        return files;
    }

    private async Task<HubFile> FetchAsync(RemoteFile file, CancellationToken cancellation)
    {
        var before = done;
        var fetched = await new BlobDownload(requests, repository, cache, file)
        {
            Arrived = bytes => progress?.Report(new DownloadProgress(file.Name, before + bytes, total)),
            Waiting = () => progress?.Report(new DownloadProgress(file.Name, before, total, IsWaiting: true)),
        }.RunAsync(cancellation);
        done = before + file.Bytes;
        cache.Link(listing.Commit, file.Name, file.Etag);
        return new HubFile(file.Name, file.Bytes, fetched);
    }
}
