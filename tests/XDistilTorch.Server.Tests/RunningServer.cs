using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using XDistilTorch.Tests;

namespace XDistilTorch.Server.Tests;

/// <summary>A real server on a free port of this machine, with a small model.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ModelFolder? own;

    private RunningServer(WebApplication app, ModelFolder? own)
    {
        (this.app, this.own) = (app, own);
        Http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None })
        {
            BaseAddress = new Uri(app.Urls.Single()),
        };
    }

    public HttpClient Http { get; }

    public Uri Address => Http.BaseAddress!;

    public IServiceProvider Services => app.Services;

    public RecordedLog Log => app.Services.GetRequiredService<RecordedLog>();

    /// <summary>Starts one; ready unless it is not waited for.</summary>
    public static async Task<RunningServer> Start(
        Action<ServingOptions>? configure = null,
        Action<KestrelServerOptions>? kestrel = null,
        bool waitUntilReady = true,
        LabelBook? labels = null
    )
    {
        var folder = new ModelFolder();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(options =>
            {
                options.Listen(IPAddress.Loopback, 0);
                kestrel?.Invoke(options);
            });
        var log = new RecordedLog();
        builder.Services.AddSingleton(log);
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Information);
        builder.Services.AddQuestionAnswering(options =>
        {
            options.Models.Add(new ServedModel("tiny", folder.Path));
            options.Loading = options.Loading with { Workers = 2 };
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.UseQuestionAnswering();
        app.MapQuestionAnswering();
        if (labels is not null)
            app.MapLabelling(labels);
        await app.StartAsync();
        var server = new RunningServer(app, folder);
        while (waitUntilReady && (await server.Http.GetAsync("/readyz")).StatusCode != HttpStatusCode.OK)
            await Task.Delay(10);
        return server;
    }

    public Task<HttpResponseMessage> Post(string path, string json, string kind = "application/json") =>
        Post(path, Encoding.UTF8.GetBytes(json), kind);

    public Task<HttpResponseMessage> Post(string path, byte[] body, string kind = "application/json")
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(kind);
        return Http.PostAsync(path, content);
    }

    public async Task<JsonElement> Ask(string path, object request)
    {
        using var response = await Post(path, JsonSerializer.Serialize(request));
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.Should().Be(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        own?.Dispose();
    }
}

/// <summary>Every line that the server logged.</summary>
public sealed class RecordedLog : ILoggerProvider
{
    private readonly List<string> lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (lines)
                return [.. lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => new Recorder(this);

    public void Dispose() { }

    private sealed class Recorder(RecordedLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            lock (log.lines)
                log.lines.Add($"{logLevel}: {formatter(state, exception)} {exception}");
        }
    }
}
