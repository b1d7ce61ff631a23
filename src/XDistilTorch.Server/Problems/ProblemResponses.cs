using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using XDistilTorch.Decoding;

namespace XDistilTorch.Server.Problems;

/// <summary>Whatever goes wrong with a request ends as a problem that names it; nothing of the server's inside is shown.</summary>
internal sealed class ProblemResponses(RequestDelegate next, ILogger<ProblemResponses> log)
{
    private const int ClientLeft = 499; // as nginx logs it; nobody receives it

    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (!http.Response.HasStarted && OfStatus(http) is { } problem)
                await problem.WriteAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            if (!http.Response.HasStarted)
                http.Response.StatusCode = ClientLeft;
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            await Of(e, RequestId.Of(http)).WriteAsync(http);
        }
    }

    private Problem Of(Exception failure, string request)
    {
        switch (failure)
        {
            case ProblemException { Problem: var problem }:
                return problem;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } large:
                return Problem.TooLarge(large.Message);
            case BadHttpRequestException bad:
                return new Problem(bad.StatusCode, "bad-request", "The request cannot be read", bad.Message);
            case DecodingException broken:
                log.LogError(broken, "{Id} the model's numbers cannot be used", request);
                return Broken();
            case XDistilException fault:
                return Problem.Unusable(fault.Message);
            default:
                log.LogError(failure, "{Id} a request failed in a way that was not foreseen", request);
                return Broken();
        }
    }

    private static Problem Broken() =>
        new(
            StatusCodes.Status500InternalServerError,
            "unexpected",
            "The server failed",
            "This was not foreseen; the server's log has it under the request's id."
        );

    // What routing refused has a status and nothing else.
    private static Problem? OfStatus(HttpContext http) =>
        http.Response is not { StatusCode: >= 400 and var status, ContentType: null }
            ? null
            : status switch
            {
                StatusCodes.Status404NotFound => new Problem(
                    status,
                    "not-found",
                    "There is no such thing",
                    "This server has nothing under this path; /docs lists what it has."
                ),
                StatusCodes.Status405MethodNotAllowed => new Problem(
                    status,
                    "wrong-method",
                    "The path has no such method",
                    $"{http.Request.Method} is not answered here, expected {http.Response.Headers.Allow}."
                ),
                StatusCodes.Status415UnsupportedMediaType => Problem.WrongKind(
                    $"the body is said to be {http.Request.ContentType ?? "nothing in particular"}, expected Content-Type: application/json."
                ),
                _ => new Problem(status, "bad-request", "The request cannot be answered", $"The server refused it with status {status}."),
            };
}
