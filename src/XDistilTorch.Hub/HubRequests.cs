using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using Polly;
using Polly.Retry;

namespace XDistilTorch.Hub;

/// <summary>Requests to the hub: who asks, where redirections may lead, what a status means, and how often something is tried.</summary>
internal sealed class HubRequests : IDisposable
{
    private const int MostRedirections = 5;

    private readonly HubOptions options;
    private readonly HttpClient client;
    private readonly ResiliencePipeline retries;

    public HubRequests(HubOptions options)
    {
        this.options = options;
        client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false, // it would not ask where to
                AutomaticDecompression = DecompressionMethods.None, // sizes and hashes are of what is sent
                UseCookies = false,
                ConnectTimeout = options.LongestSilence,
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan, // a large file takes its time; silence is what is limited
        };
        client.DefaultRequestHeaders.UserAgent.ParseAdd($"xdistiltorch/{typeof(HubRequests).Assembly.GetName().Version?.ToString(3)}");
        retries = Pipeline();
    }

    /// <summary>Does something until it succeeds, fails for good, or was tried often enough.</summary>
    /// <exception cref="HubException">It did not succeed.</exception>
    public async Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellation)
    {
        try
        {
            return await retries.ExecuteAsync(async token => await attempt(token), cancellation);
        }
        catch (TransientException e)
        {
            throw new HubException($"{e.Message} {WhyNoMore(e)}; try again later, a download goes on where it stopped.", e);
        }
    }

    /// <summary>Sends a request and follows its redirections.</summary>
    /// <param name="method">HEAD or GET.</param>
    /// <param name="address">At the hub.</param>
    /// <param name="ends">Whether an answer that redirects is the one to be had; null: none is.</param>
    /// <param name="range">The part that is asked for; null: all.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The answer, whatever its status, its body not read yet.</returns>
    /// <exception cref="HubException">There is none.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        Uri address,
        Func<HttpResponseMessage, bool>? ends,
        RangeHeaderValue? range,
        CancellationToken cancellation
    )
    {
        var here = address;
        for (var hops = 0; ; hops++)
        {
            var response = await SendOnceAsync(method, here, range, cancellation);
            if (Target(response, here) is not { } next || ends?.Invoke(response) == true)
                return response;
            response.Dispose();
            if (next.Scheme is not ("http" or "https") || (here.Scheme == "https" && next.Scheme == "http"))
                throw new HubException($"{Shown(here)}: the hub redirects to {Shown(next)}, which is refused: not by https.");
            if (hops == MostRedirections)
                throw new HubException($"{address}: the hub redirects more than {MostRedirections} times.");
            here = next;
        }
    }

    /// <summary>Reads from an answer; silence counts as a cut connection.</summary>
    /// <returns>How many bytes came; 0: that was all.</returns>
    public async Task<int> ReadAsync(Stream body, Memory<byte> buffer, Uri address, CancellationToken cancellation) =>
        await WithinSilence(address, async token => await body.ReadAsync(buffer, token), cancellation);

    public void Dispose() => client.Dispose();

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpMethod method,
        Uri address,
        RangeHeaderValue? range,
        CancellationToken cancellation
    )
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.AcceptEncoding.ParseAdd("identity");
        request.Headers.Range = range;
        if (options.Token is { } token && IsHub(address))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await WithinSilence(
            address,
            silence => client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence),
            cancellation
        );
    }

    // The same scheme, host and port: nobody else may see the token.
    private bool IsHub(Uri address) =>
        Uri.Compare(address, options.Endpoint, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase)
        == 0;

    private static Uri? Target(HttpResponseMessage response, Uri here)
    {
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
            return null;
        return Uri.TryCreate(here, location, out var target)
            ? target
            : throw new HubException($"{Shown(here)}: the hub redirects to \"{location}\", which is no address.");
    }

    private async Task<T> WithinSilence<T>(Uri address, Func<CancellationToken, Task<T>> action, CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(options.LongestSilence);
        try
        {
            return await action(silence.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TransientException($"{Shown(address)}: no byte came for {options.LongestSilence.TotalSeconds:0.#} seconds.", null, e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.NameResolutionError)
        {
            throw new HubException(
                $"{Shown(address)}: there is no host {address.Host} ({e.Message}). Check the network and HF_ENDPOINT; HF_HUB_OFFLINE=1 takes what the cache has.",
                e
            );
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException)
        {
            throw new HubException($"{Shown(address)}: no safe connection: {e.InnerException.Message}", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new TransientException(
                $"{Shown(address)}: the connection failed: {(e.InnerException ?? e).Message.TrimEnd('.')}.",
                null,
                e
            );
        }
    }

    /// <summary>An address for a message, without its query: those of large files carry a signature.</summary>
    public static string Shown(Uri address) => address.GetLeftPart(UriPartial.Path);

    private string WhyNoMore(TransientException failure) =>
        !MayPass(failure) ? $"It asks to wait {failure.RetryAfter!.Value.TotalSeconds:0} seconds"
        : options.Retries == 0 ? "Tried once"
        : $"Tried {options.Retries + 1} times";

    // A server that asks for more patience than there is, is not waited for.
    private bool MayPass(TransientException failure) => !(failure.RetryAfter > options.LongestDelay);

    private ResiliencePipeline Pipeline()
    {
        if (options.Retries == 0)
            return ResiliencePipeline.Empty;
        return new ResiliencePipelineBuilder()
            .AddRetry(
                new RetryStrategyOptions
                {
                    ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is TransientException e && MayPass(e)),
                    MaxRetryAttempts = options.Retries,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = options.FirstDelay,
                    MaxDelay = options.LongestDelay,
                    // Null: as the back-off has it.
                    DelayGenerator = args => ValueTask.FromResult((args.Outcome.Exception as TransientException)?.RetryAfter),
                }
            )
            .Build();
    }
}
