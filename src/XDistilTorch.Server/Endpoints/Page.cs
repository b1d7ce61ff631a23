using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.FileProviders;

namespace XDistilTorch.Server.Endpoints;

/// <summary>The page at <c>/</c> and its files, which are inside this assembly.</summary>
internal static class Page
{
    public static IApplicationBuilder UsePage(this IApplicationBuilder app)
    {
        var server = new FileServerOptions
        {
            FileProvider = new EmbeddedFileProvider(typeof(Page).Assembly, "XDistilTorch.Server.wwwroot"),
        };
        server.StaticFileOptions.OnPrepareResponse = file =>
        {
            PageHeaders.Put(file.Context.Response, PageHeaders.FilesOnly);
            file.Context.Response.Headers.CacheControl = "no-cache"; // asked for anew, sent only when it changed
        };
        return app.UseFileServer(server);
    }
}
