using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using XDistilTorch.Server;

namespace XDistilTorch.Cli.Serving;

/// <summary>The web server of <c>xdistil serve</c>: Kestrel, the question endpoints, logs on standard error. It reads no settings but those given.</summary>
internal sealed class AnswerServer : IAsyncDisposable
{
    // Requests that outlasted the drain are broken off.
    private static readonly TimeSpan AfterDraining = TimeSpan.FromSeconds(2);

    private readonly WebApplication app;
    private readonly ServingState state;

    private AnswerServer(WebApplication app) => (this.app, state) = (app, app.Services.GetRequiredService<ServingState>());

    /// <param name="endpoint">Where to listen.</param>
    /// <param name="configure">Which models, and how much may be asked of them.</param>
    /// <param name="labels">The questions that the page is to label; null: those that its user brings.</param>
    public static AnswerServer Create(IPEndPoint endpoint, Action<ServingOptions> configure, LabelBook? labels = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Restrict(kestrel, endpoint));
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        // What fails at the start is told as every command tells it.
        builder
            .Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("XDistilTorch", LogLevel.Information);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton<IHostLifetime, CommandLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = AfterDraining);
        builder.Services.AddQuestionAnswering(configure);
        Telemetry.AddTo(builder.Services, builder.Configuration);

        var app = builder.Build();
        app.UseQuestionAnswering();
        app.MapQuestionAnswering();
        if (labels is not null)
            app.MapLabelling(labels);
        app.MapPrometheusScrapingEndpoint("/metrics").WithMetadata(new NeedsKey());
        return new AnswerServer(app);
    }

    private static void Restrict(KestrelServerOptions kestrel, IPEndPoint endpoint)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Listen(endpoint, listen => listen.Protocols = HttpProtocols.Http1);
    }

    /// <summary>Serves until it is told to stop, then lets what is under way end.</summary>
    /// <param name="drainTime">How long that may take.</param>
    /// <param name="stop">Tells it.</param>
    /// <param name="listening">Is told the address, once it listens.</param>
    /// <exception cref="XDistilException">The address is taken, or a model cannot be loaded.</exception>
    public async Task RunAsync(TimeSpan drainTime, CancellationToken stop, Action<string>? listening = null)
    {
        await Start();
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("XDistilTorch.Server");
        log.LogInformation("listening on {Address}", string.Join(", ", Addresses));
        listening?.Invoke(Addresses.First());
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var told = stop.Register(stopped.SetResult);
        await using var failed = app.Lifetime.ApplicationStopping.Register(() => stopped.TrySetResult());
        await stopped.Task;
        if (state.Failure is null)
            await Drain(log, drainTime);
        await app.StopAsync(CancellationToken.None);
        if (state.Failure is { } failure)
            throw failure is XDistilException ? failure : new XDistilException($"the server stopped: {failure.Message}", failure);
    }

    /// <summary>Where it listens.</summary>
    public IEnumerable<string> Addresses =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];

    private async Task Start()
    {
        try
        {
            await app.StartAsync(CancellationToken.None);
        }
        catch (IOException e) // what Kestrel says of an address that is taken
        {
            throw new XDistilException($"cannot listen: {e.Message} Choose another --port or --bind.", e);
        }
    }

    // The listener stays open meanwhile: who asks is told that this server is going, instead of finding nobody.
    private async Task Drain(ILogger log, TimeSpan most)
    {
        var drained = state.Drain();
        log.LogInformation("told to stop, {UnderWay} requests under way", state.UnderWay);
        if (await Task.WhenAny(drained, Task.Delay(most)) != drained)
            log.LogWarning("{UnderWay} requests did not end within {Seconds:0} s and are given up", state.UnderWay, most.TotalSeconds);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    // Signals are the command line's.
    private sealed class CommandLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
