using Microsoft.AspNetCore.Http;

namespace XDistilTorch.Server;

/// <summary>The name under which a request is found again: the client's own where it can be printed safely, else a new one.</summary>
internal static class RequestId
{
    public const string Header = "X-Request-Id";

    private const int Longest = 128;

    /// <summary>The request's id.</summary>
    public static string Of(HttpContext http)
    {
        if (http.Items.TryGetValue(typeof(RequestId), out var known))
            return (string)known!;
        var id = http.Request.Headers[Header] is [{ } given] && IsSane(given) ? given : Guid.CreateVersion7().ToString("N");
        http.Items[typeof(RequestId)] = id;
        return id;
    }

    /// <summary>Puts it into the response.</summary>
    public static void Echo(HttpContext http) => http.Response.Headers[Header] = Of(http);

    // It goes into logs and headers.
    private static bool IsSane(string given) =>
        given.Length is > 0 and <= Longest
        && given.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/' or '+' or '=');
}
