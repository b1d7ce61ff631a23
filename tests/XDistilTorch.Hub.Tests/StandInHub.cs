using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace XDistilTorch.Testing;

/// <summary>
/// A hub on this machine that speaks the real one's protocol: lists of files, redirections of large files to another host with their hash in the headers, ranges,
/// and its errors. Faults are put in by a test.
/// </summary>
internal sealed class StandInHub : IAsyncDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    /// <summary>A request that came.</summary>
    public sealed record Seen(string Host, string Method, string Path, string? Authorization, string? Range);

    private sealed record StoredFile(byte[] Content, bool IsLarge)
    {
        public string Etag { get; } =
            IsLarge ? Hash(HashAlgorithmName.SHA256, [], Content) : Hash(HashAlgorithmName.SHA1, GitPrefix(Content), Content);

        private static byte[] GitPrefix(byte[] content) =>
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {content.Length}\0"));

        private static string Hash(HashAlgorithmName name, byte[] prefix, byte[] content)
        {
            using var hash = IncrementalHash.CreateHash(name);
            hash.AppendData(prefix);
            hash.AppendData(content);
            return Convert.ToHexStringLower(hash.GetCurrentHash());
        }
    }

    private readonly WebApplication hub,
        store;
    private readonly ConcurrentDictionary<string, StoredFile> files = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Seen> seen = new();

    private StandInHub()
    {
        hub = Host(AnswerAsync, "hub");
        store = Host(StoreAsync, "store");
    }

    /// <summary>The model that it has, as revision <c>main</c>, <c>v1.0</c> and by its commit.</summary>
    public string Model { get; init; } = "acme/tiny-qa";

    /// <summary>The token without which the model is refused; null: it is public.</summary>
    public string? Token { get; set; }

    /// <summary>May answer a request itself, and says so by true. The string is "hub" or "store".</summary>
    public Func<string, HttpContext, Task<bool>>? Fault { get; set; }

    /// <summary>Names in the list of files beside those that are there.</summary>
    public List<string> AlsoListed { get; } = [];

    /// <summary>The hub's address.</summary>
    public Uri Endpoint => new(hub.Urls.Single());

    /// <summary>The host, another one for whoever compares ports, that has the large files.</summary>
    public Uri Store => new(store.Urls.Single());

    public IReadOnlyList<Seen> Requests => [.. seen];

    /// <summary>How often contents were asked for.</summary>
    public int Downloads => Requests.Count(request => request.Method == "GET" && (request.Host == "store" || IsSmall(request.Path)));

    public static async Task<StandInHub> StartAsync(string model = "acme/tiny-qa")
    {
        var started = new StandInHub { Model = model };
        await started.hub.StartAsync();
        await started.store.StartAsync();
        return started;
    }

    /// <summary>Puts a file into the repository; large ones lie at the store.</summary>
    /// <returns>Its etag.</returns>
    public string Add(string name, byte[] content, bool isLarge = false)
    {
        var file = new StoredFile(content, isLarge);
        files[name] = file;
        return file.Etag;
    }

    public string Add(string name, string content) => Add(name, Encoding.UTF8.GetBytes(content));

    public void Remove(string name) => files.TryRemove(name, out _);

    /// <summary>Puts a folder's files into the repository.</summary>
    public void AddFolder(string folder)
    {
        foreach (var path in Directory.GetFiles(folder))
            Add(Path.GetFileName(path), File.ReadAllBytes(path), Path.GetExtension(path) is ".safetensors" or ".bin");
    }

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        await store.DisposeAsync();
    }

    private WebApplication Host(Func<HttpContext, Task> answer, string name)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(async context =>
        {
            var request = context.Request;
            seen.Enqueue(
                new Seen(
                    name,
                    request.Method,
                    context.Features.Get<IHttpRequestFeature>()!.RawTarget,
                    request.Headers.Authorization.FirstOrDefault(),
                    request.Headers.Range.FirstOrDefault()
                )
            );
            if (Fault is not { } fault || !await fault(name, context))
                await answer(context);
        });
        return app;
    }

    private bool IsSmall(string path) => files.TryGetValue(path.Split('/')[^1], out var file) && !file.IsLarge;

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (Token is not null && request.Headers.Authorization != $"Bearer {Token}")
            await RefuseAsync(response, 401, null);
        else if (request.Path.Value!.StartsWith("/api/models/", StringComparison.Ordinal))
            await ListAsync(request, response);
        else if (request.Path.Value!.Split('/') is ["", var organisation, var name, "resolve", var revision, var file])
            await ResolveAsync(context, $"{organisation}/{name}", Uri.UnescapeDataString(revision), file);
        else
            await RefuseAsync(response, 404, null);
    }

    private static bool IsRevision(string revision) => revision is "main" or "v1.0" or "refs/pr/1" or Commit;

    private Task ListAsync(HttpRequest request, HttpResponse response)
    {
        var raw = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('/');
        if (raw is not ["", "api", "models", var organisation, var name, "revision", var revision] || $"{organisation}/{name}" != Model)
            return RefuseAsync(response, 404, "RepoNotFound");
        if (!IsRevision(Uri.UnescapeDataString(revision)))
            return RefuseAsync(response, 404, "RevisionNotFound");
        var siblings = files.Keys.Concat(AlsoListed).Select(file => new { rfilename = file });
        return response.WriteAsync(
            JsonSerializer.Serialize(
                new
                {
                    id = Model,
                    sha = Commit,
                    siblings,
                }
            )
        );
    }

    private async Task ResolveAsync(HttpContext context, string model, string revision, string name)
    {
        var response = context.Response;
        if (model != Model || !IsRevision(revision))
            await RefuseAsync(response, 404, "RevisionNotFound");
        else if (!files.TryGetValue(name, out var file))
            await RefuseAsync(response, 404, "EntryNotFound");
        else
        {
            response.Headers["X-Repo-Commit"] = Commit;
            if (!file.IsLarge)
            {
                response.Headers.ETag = $"\"{file.Etag}\"";
                await SendAsync(context, file.Content);
                return;
            }
            response.StatusCode = 302;
            response.Headers.ETag = "\"of-the-redirection\"";
            response.Headers["X-Linked-Etag"] = $"\"{file.Etag}\"";
            response.Headers["X-Linked-Size"] = file.Content.Length.ToString(CultureInfo.InvariantCulture);
            response.Headers.Location = $"{Store}{file.Etag}?signature=secret";
        }
    }

    private async Task StoreAsync(HttpContext context)
    {
        var file = files.Values.FirstOrDefault(file => $"/{file.Etag}" == context.Request.Path);
        if (file is null || context.Request.Query["signature"] != "secret")
            await RefuseAsync(context.Response, 403, null);
        else
            await SendAsync(context, file.Content);
    }

    /// <summary>A content, or the part that is asked for.</summary>
    public static async Task SendAsync(HttpContext context, byte[] content)
    {
        var response = context.Response;
        var from = 0;
        if (context.Request.GetTypedHeaders().Range is { } range)
        {
            from = (int)range.Ranges.Single().From!.Value;
            if (from >= content.Length)
            {
                response.StatusCode = 416;
                return;
            }
            response.StatusCode = 206;
            response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }
        response.ContentLength = content.Length - from;
        if (context.Request.Method != "HEAD")
            await response.Body.WriteAsync(content.AsMemory(from));
    }

    private static Task RefuseAsync(HttpResponse response, int status, string? code)
    {
        response.StatusCode = status;
        if (code is not null)
            response.Headers["X-Error-Code"] = code;
        return Task.CompletedTask;
    }
}
