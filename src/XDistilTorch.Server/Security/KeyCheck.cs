using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace XDistilTorch.Server.Security;

/// <summary>Lets requests to endpoints marked <see cref="NeedsKey"/> through only with a key, where there are keys at all.</summary>
internal sealed class KeyCheck(RequestDelegate next, IOptions<ServingOptions> options)
{
    private const string Scheme = "Bearer ";

    public Task InvokeAsync(HttpContext http)
    {
        if (options.Value.Keys is not { } keys || http.GetEndpoint()?.Metadata.GetMetadata<NeedsKey>() is null)
            return next(http);
        if (Presented(http.Request.Headers) is not { } key)
            throw new ProblemException(Problem.NoKey("no key came with the request"));
        if (!keys.Holds(key))
            throw new ProblemException(Problem.NoKey("the key that came with the request is not known here"));
        return next(http);
    }

    private static string? Presented(IHeaderDictionary headers)
    {
        if (headers["X-Api-Key"] is [{ Length: > 0 } key])
            return key;
        return headers.Authorization is [{ } authorization] && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? authorization[Scheme.Length..].Trim()
            : null;
    }
}
