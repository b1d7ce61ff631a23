using Microsoft.AspNetCore.Http;
using XDistilTorch.Server.Serving;

namespace XDistilTorch.Server.Endpoints;

/// <summary>How the server is, for those who watch it.</summary>
internal sealed class StatusEndpoints(ModelCatalog catalog, ServingState state)
{
    /// <summary><c>GET /healthz</c>: the process is up.</summary>
    public static IResult Health() => new JsonText(ResponseJson.Of(new HealthReport("ok")));

    /// <summary><c>GET /readyz</c>: questions are answered.</summary>
    public IResult Readiness()
    {
        var status =
            state.IsDraining ? "draining"
            : catalog.IsReady ? "ready"
            : "loading";
        return new JsonText(
            ResponseJson.Of(new HealthReport(status)),
            status: status == "ready" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
        );
    }

    /// <summary><c>GET /v1/models</c>.</summary>
    public IResult Models()
    {
        var ready = catalog.Loaded.Select(host => host.Name).ToHashSet(StringComparer.Ordinal);
        return new JsonText(ResponseJson.Of(new ModelList([.. catalog.Names.Select(name => new ModelEntry(name, ready.Contains(name)))])));
    }
}
