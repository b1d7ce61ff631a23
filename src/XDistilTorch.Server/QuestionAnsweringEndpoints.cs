using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using XDistilTorch.Server.Endpoints;
using XDistilTorch.Server.Problems;
using XDistilTorch.Server.Security;

namespace XDistilTorch.Server;

/// <summary>Question answering over HTTP.</summary>
public static class QuestionAnsweringEndpoints
{
    /// <summary>
    /// What has to stand before the endpoints: request ids, failures as problems, the page at <c>/</c>, routing, keys. Comes first in the application's pipeline.
    /// </summary>
    public static IApplicationBuilder UseQuestionAnswering(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.Use(next =>
                http =>
                {
                    RequestId.Echo(http);
                    return next(http);
                }
            )
            .UseMiddleware<ProblemResponses>()
            .UsePage()
            .UseRouting()
            .UseMiddleware<KeyCheck>();
    }

    /// <summary>The endpoints; see the API description at <c>/openapi/v1.json</c>.</summary>
    /// <returns>All that ask a model, for conventions of one's own.</returns>
    public static IEndpointConventionBuilder MapQuestionAnswering(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var questions = routes.ServiceProvider.GetRequiredService<QuestionEndpoints>();
        var status = routes.ServiceProvider.GetRequiredService<StatusEndpoints>();

        var asking = routes.MapGroup("").WithMetadata(new NeedsKey());
        asking
            .MapPost("/", (Delegate)((HttpContext http) => questions.Hosted(http, null)))
            .Describe<HostedRequest, HostedAnswer>("Answer a question (hosted-inference shape)");
        asking
            .MapPost("/models/{**name}", (HttpContext http, string name) => questions.Hosted(http, name))
            .Describe<HostedRequest, HostedAnswer>("Answer a question with a model by name (hosted-inference shape)");
        asking
            .MapPost("/v1/answers", (Delegate)((HttpContext http) => questions.Answers(http)))
            .Describe<AnswersRequest, AnswersResponse>("Answer one or several questions with whole answer records");
        asking
            .MapPost("/v1/inspect/attention", (Delegate)((HttpContext http) => questions.Attention(http)))
            .Describe<AttentionRequest, object>("Show where the answer's tokens look, as xdistil inspect attention --json");
        asking
            .MapPost("/v1/inspect/attribution", (Delegate)((HttpContext http) => questions.Attribution(http)))
            .Describe<AttributionQuery, object>("Show which words speak for the answer, as xdistil inspect attribution --json");
        asking.MapGet("/v1/models", () => status.Models()).WithSummary("List the models").Produces<ModelList>();

        routes.MapGet("/healthz", () => StatusEndpoints.Health()).WithSummary("Whether the process is up").Produces<HealthReport>();
        routes
            .MapGet("/readyz", () => status.Readiness())
            .WithSummary("Whether questions are answered")
            .Produces<HealthReport>()
            .Produces<HealthReport>(StatusCodes.Status503ServiceUnavailable);
        ApiDescription.Map(routes);
        return asking;
    }
}
