using System.Globalization;
using System.Net;

namespace XDistilTorch.Hub;

/// <summary>
/// Fetches one content into the cache's blobs: goes on where somebody stopped, checks size and hash while it arrives, and gives it its name only when it is whole.
/// What is wrong is removed; what is only unfinished stays, to go on from.
/// </summary>
internal sealed class BlobDownload(HubRequests requests, Repository repository, HubCache cache, RemoteFile file)
{
    private const int BufferSize = 1 << 17;

    // So many bytes between two failures are worth new tries.
    private const long GotOn = 16 << 20;

    /// <summary>Called with the bytes that are there, whenever more came.</summary>
    public required Action<long> Arrived { get; init; }

    /// <summary>Called while another process holds the lock.</summary>
    public required Action Waiting { get; init; }

    /// <summary>Makes sure that the cache has the content.</summary>
    /// <returns>Whether it was fetched; else it was there, or came by another process meanwhile.</returns>
    /// <exception cref="HubException">It cannot be had, or is not what the hub said it would be.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        if (IsThere)
            return false;
        using var held = await CacheLock.TakeAsync(cache.Lock(file.Etag), Waiting, cancellation);
        if (IsThere)
            return false;
        var path = cache.Incomplete(file.Etag);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        RefuseFullDisk(path);
        try
        {
            await FetchAsync(path, cancellation);
        }
        catch (DamagedException)
        {
            File.Delete(path);
            throw;
        }
        File.Move(path, cache.Blob(file.Etag), overwrite: true);
        return true;
    }

    // The right size is enough: the name was given after the content was checked.
    private bool IsThere => new FileInfo(cache.Blob(file.Etag)) is { Exists: true } blob && blob.Length == file.Bytes;

    private async Task FetchAsync(string path, CancellationToken cancellation)
    {
        await using var target = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        using var hash = ContentHash.For(file);
        var resumed = await TakeUpAsync(target, hash, cancellation);
        await FillAsync(target, hash, cancellation);
        if (hash.Mismatch() is not null && resumed)
        {
            // The part from before was of something else, or damaged; once more, all of it.
            StartOver(target, hash);
            await FillAsync(target, hash, cancellation);
        }
        if (hash.Mismatch() is { } found)
            throw new DamagedException(
                $"{Shown}: the content's hash is {found}, expected {file.Etag}. What came was removed; try again, or from another endpoint."
            );
        target.Flush(flushToDisk: true);
    }

    // What an earlier download left. Its bytes are hashed again: nobody wrote down the hash so far.
    private async Task<bool> TakeUpAsync(FileStream target, ContentHash hash, CancellationToken cancellation)
    {
        if (target.Length > file.Bytes)
            target.SetLength(0);
        var buffer = new byte[BufferSize];
        while (await target.ReadAsync(buffer, cancellation) is var read and > 0)
            hash.Add(buffer.AsSpan(0, read));
        Arrived(target.Position);
        return target.Position > 0;
    }

    private async Task FillAsync(FileStream target, ContentHash hash, CancellationToken cancellation)
    {
        while (target.Position < file.Bytes)
        {
            var before = target.Position;
            try
            {
                await requests.RetryAsync(token => ReceiveAsync(target, hash, token), cancellation);
            }
            catch (HubException e) when (e.InnerException is TransientException && target.Position - before >= GotOn)
            {
                // A bad line, but it gets on: the tries count anew.
            }
        }
    }

    private async Task<bool> ReceiveAsync(FileStream target, ContentHash hash, CancellationToken cancellation)
    {
        using var response = await repository.OpenAsync(file, target.Position, cancellation);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && target.Position > 0)
        {
            StartOver(target, hash);
            throw new TransientException($"{Shown}: the server does not go on at the place where the download stopped.");
        }
        repository.Refuse(response, file);
        CheckPlace(response, target, hash);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[BufferSize];
        while (await requests.ReadAsync(body, buffer, file.Address, cancellation) is var read and > 0)
        {
            if (target.Position + read > file.Bytes)
                throw new DamagedException(
                    $"{Shown}: more than {Counted(file.Bytes)} came, which the hub said it has. What came was removed."
                );
            await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
            hash.Add(buffer.AsSpan(0, read));
            Arrived(target.Position);
        }
        return target.Position == file.Bytes
            ? true
            : throw new TransientException($"{Shown}: the connection ended after {target.Position:N0} of {Counted(file.Bytes)}.");
    }

    private void CheckPlace(HttpResponseMessage response, FileStream target, ContentHash hash)
    {
        if (response.StatusCode == HttpStatusCode.PartialContent)
        {
            var range = response.Content.Headers.ContentRange;
            if (range?.From != target.Position || range.Length is { } all && all != file.Bytes)
                throw new DamagedException(
                    $"{Shown}: the server sends \"{range}\", expected bytes from {target.Position} on, of {file.Bytes}. What had come was removed."
                );
        }
        else if (target.Position > 0)
            StartOver(target, hash); // a server that sends all, whatever is asked for
        if (response.Content.Headers.ContentLength is { } length && target.Position + length != file.Bytes)
            throw new DamagedException(
                $"{Shown}: the server sends {Counted(target.Position + length)}, the hub said it has {Counted(file.Bytes)}. What had come was removed."
            );
    }

    private void StartOver(FileStream target, ContentHash hash)
    {
        target.SetLength(0); // the position goes with it
        hash.Restart();
        Arrived(0);
    }

    private void RefuseFullDisk(string path)
    {
        var there = File.Exists(path) ? new FileInfo(path).Length : 0;
        var free = new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace;
        if (free < file.Bytes - there)
            throw new HubException(
                $"{path}: {file.Name} takes {Counted(file.Bytes - there)}, the disk has {Counted(free)} left. HF_HUB_CACHE takes another one."
            );
    }

    private string Shown => $"{file.Name} from {HubRequests.Shown(file.Address)}";

    private static string Counted(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes");
}
