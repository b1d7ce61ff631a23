using Microsoft.AspNetCore.Http;

namespace XDistilTorch.Server.Endpoints;

/// <summary>What a browser may do with a page of ours: nothing beyond this server.</summary>
internal static class PageHeaders
{
    /// <summary>For pages whose scripts and styles are files.</summary>
    public const string FilesOnly =
        "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static void Put(HttpResponse response, string policy)
    {
        response.Headers.ContentSecurityPolicy = policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
    }
}
