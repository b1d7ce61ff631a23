using System.Text.Json;

namespace XDistilTorch.Hub;

/// <summary>A model's repository on the hub: which files it has at which commit, what is known of each, and their contents.</summary>
internal sealed class Repository(HubRequests requests, HubOptions options, HubModel model)
{
    private const int LongestList = 32 << 20;

    /// <summary>What a repository holds.</summary>
    /// <param name="Commit">The commit that the revision stands for.</param>
    /// <param name="Names">Its files, paths with '/'.</param>
    public sealed record Listing(string Commit, IReadOnlyList<string> Names);

    /// <summary>Asks which files there are.</summary>
    /// <exception cref="HubException">There is no such model or revision, or it may not be seen, or the answer is none.</exception>
    public Task<Listing> ListAsync(CancellationToken cancellation)
    {
        var address = Address($"api/models/{model.Name}/revision/{Uri.EscapeDataString(model.Revision)}");
        return requests.RetryAsync(
            async token =>
            {
                using var response = await requests.SendAsync(HttpMethod.Get, address, null, null, token);
                HubRefusal.ThrowIfAny(response, model, options);
                return Parse(await ReadAllAsync(response, address, token), address);
            },
            cancellation
        );
    }

    /// <summary>Asks for etag and size of a file.</summary>
    /// <exception cref="HubException">There is none, or the answer is none.</exception>
    public Task<RemoteFile> LookAsync(string name, string commit, CancellationToken cancellation)
    {
        var address = Address($"{model.Name}/resolve/{commit}/{Uri.EscapeDataString(name)}");
        return requests.RetryAsync(
            async token =>
            {
                using var response = await requests.SendAsync(HttpMethod.Head, address, IsTheAnswer, null, token);
                if ((int)response.StatusCode is < 300 or >= 400)
                    HubRefusal.ThrowIfAny(response, model, options, name);
                return RemoteFile.From(response, name, commit, address);
            },
            cancellation
        );
    }

    /// <summary>Begins to read a file's content, wherever it lies.</summary>
    /// <param name="file">The file.</param>
    /// <param name="from">The first byte that is wanted.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task<HttpResponseMessage> OpenAsync(RemoteFile file, long from, CancellationToken cancellation) =>
        requests.SendAsync(HttpMethod.Get, file.Address, null, from > 0 ? new(from, null) : null, cancellation);

    /// <summary>Throws unless an answer to <see cref="OpenAsync"/> has content.</summary>
    public void Refuse(HttpResponseMessage response, RemoteFile file) => HubRefusal.ThrowIfAny(response, model, options, file.Name);

    private bool IsTheAnswer(HttpResponseMessage response) =>
        // A renamed repository redirects within the hub, a large file to where it lies; its own headers are on the redirection.
        RemoteFile.IsLinked(response)
        || (response.Headers.Location is { IsAbsoluteUri: true } away && away.Authority != options.Endpoint.Authority);

    private Uri Address(string path) => new($"{options.Endpoint.AbsoluteUri.TrimEnd('/')}/{path}");

    private async Task<byte[]> ReadAllAsync(HttpResponseMessage response, Uri address, CancellationToken cancellation)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        using var all = new MemoryStream();
        var buffer = new byte[1 << 14];
        while (await requests.ReadAsync(body, buffer, address, cancellation) is var read and > 0)
        {
            all.Write(buffer, 0, read);
            if (all.Length > LongestList)
                throw new HubException($"{address}: the list of files is longer than {LongestList >> 20} MiB.");
        }
        return all.ToArray();
    }

    private static Listing Parse(byte[] json, Uri address)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var commit = root.GetProperty("sha").GetString();
            if (commit is null || !HubModel.IsCommit(commit))
                throw new HubException($"{address}: the list of files is of commit \"{commit}\", expected 40 hexadecimal digits.");
            return new Listing(
                commit,
                [.. root.GetProperty("siblings").EnumerateArray().Select(file => file.GetProperty("rfilename").GetString()!)]
            );
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new HubException($"{address}: the answer is no list of a model's files ({e.Message}). Check HF_ENDPOINT.", e);
        }
    }
}
