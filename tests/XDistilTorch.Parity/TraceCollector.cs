using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace XDistilTorch.Parity;

/// <summary>Stands in for an OpenTelemetry collector: takes traces by OTLP over HTTP, and keeps their bytes.</summary>
internal sealed class TraceCollector : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<byte[]> received = [];

    private TraceCollector(WebApplication app)
    {
        this.app = app;
        app.MapPost("/v1/traces", Take);
    }

    public string Address => app.Urls.Single();

    /// <summary>Everything that came; names stand in protobuf as they are.</summary>
    public string Text => Encoding.Latin1.GetString([.. received.SelectMany(bytes => bytes)]);

    public static async Task<TraceCollector> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new TraceCollector(builder.Build());
        await collector.app.StartAsync();
        return collector;
    }

    private async Task<IResult> Take(HttpRequest request)
    {
        if (request.ContentType != "application/x-protobuf")
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        received.Enqueue(body.ToArray());
        return Results.Bytes([], "application/x-protobuf");
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
