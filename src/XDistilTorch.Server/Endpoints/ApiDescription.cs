using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Scalar.AspNetCore;

namespace XDistilTorch.Server.Endpoints;

/// <summary>The OpenAPI document of the endpoints, and a page that shows it and loads nothing from elsewhere.</summary>
internal static class ApiDescription
{
    private const string Json = "application/json",
        ProblemJson = "application/problem+json",
        // The page's program writes its styles and calls this server; whatever else it might want, it does not get.
        PagePolicy =
            "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'";

    public static void AddTo(IServiceCollection services) =>
        services.AddOpenApi(
            "v1",
            options =>
                options.AddDocumentTransformer(
                    (document, _, _) =>
                    {
                        document.Info.Title = "XDistilTorch";
                        document.Info.Description = "Extractive question answering: the place in a text that answers a question, or none.";
                        document.Servers?.Clear(); // whichever host it was fetched from
                        return Task.CompletedTask;
                    }
                )
        );

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi();
        routes
            .MapScalarApiReference(
                "/docs",
                options =>
                    options
                        .WithTitle("XDistilTorch API")
                        .WithOpenApiRoutePattern("/openapi/v1.json")
                        .DisableDefaultFonts()
                        .DisableTelemetry()
            )
            .AddEndpointFilter(
                async (call, next) =>
                {
                    PageHeaders.Put(call.HttpContext.Response, PagePolicy);
                    return await next(call);
                }
            );
    }

    public static void Describe<TRequest, TResponse>(this RouteHandlerBuilder endpoint, string summary)
        where TRequest : notnull
    {
        endpoint.WithSummary(summary).Accepts<TRequest>(Json).Produces<TResponse>(StatusCodes.Status200OK, Json);
        foreach (var status in (int[])[400, 401, 404, 413, 415, 422, 429, 503, 504])
            endpoint.Produces<ProblemDetails>(status, ProblemJson);
    }
}
