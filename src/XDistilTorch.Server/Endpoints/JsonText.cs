using Microsoft.AspNetCore.Http;
using XDistilTorch.Server.Observing;

namespace XDistilTorch.Server.Endpoints;

/// <summary>A response whose JSON is written already.</summary>
internal sealed class JsonText(ReadOnlyMemory<byte> body, RequestTiming? timing = null, int status = StatusCodes.Status200OK) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        if (timing is { } where)
            response.Headers["Server-Timing"] = where.ToHeader();
        return HttpMethods.IsHead(httpContext.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }
}
