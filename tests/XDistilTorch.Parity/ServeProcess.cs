using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace XDistilTorch.Parity;

/// <summary><c>xdistil serve</c> as a process on a free port, with the bundled model.</summary>
internal sealed partial class ServeProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder log = new();

    private ServeProcess(Process process) => this.process = process;

    public HttpClient Http { get; } = new();

    public string Log
    {
        get
        {
            lock (log)
                return log.ToString();
        }
    }

    public bool HasExited => process.HasExited;

    /// <summary>Starts one and waits until it is ready.</summary>
    /// <param name="port">0: a free one.</param>
    /// <param name="arguments">Further ones.</param>
    public static Task<ServeProcess> Start(int port = 0, params string[] arguments) => Start("serve", port, BundledModel.Folder, arguments);

    /// <summary>Starts one of another model.</summary>
    public static Task<ServeProcess> Start(string model, params (string Name, string Value)[] environment) =>
        Start("serve", 0, model, [], environment);

    /// <summary>Starts one whose traces go to a collector, without delay.</summary>
    public static Task<ServeProcess> Traced(string collector) =>
        Start(
            "serve",
            0,
            BundledModel.Folder,
            [],
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", "50")
        );

    /// <summary>Starts <c>xdistil data label</c>, which is such a server too.</summary>
    public static Task<ServeProcess> Label(string questions) => Start("data label", 0, BundledModel.Folder, [questions]);

    private static async Task<ServeProcess> Start(
        string command,
        int port,
        string model,
        string[] arguments,
        params (string Name, string Value)[] environment
    )
    {
        var start = new ProcessStartInfo(
            BuiltTool.Path,
            [.. command.Split(' '), "--port", port.ToString(CultureInfo.InvariantCulture), "--model", model, .. arguments]
        )
        {
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var server = new ServeProcess(Process.Start(start)!);
        try
        {
            server.process.ErrorDataReceived += (_, line) => server.Remember(line.Data);
            server.process.BeginErrorReadLine();
            await server.Until(() => Listening().IsMatch(server.Log), "listening");
            server.Http.BaseAddress = new Uri(Listening().Match(server.Log).Groups[1].Value);
            await server.Until(async () => (await server.Http.GetAsync("/readyz")).IsSuccessStatusCode, "ready");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private void Remember(string? line)
    {
        lock (log)
            log.Append(line).Append('\n');
    }

    public Task Until(Func<bool> condition, string what) => Until(() => Task.FromResult(condition()), what);

    private async Task Until(Func<Task<bool>> condition, string what)
    {
        for (var i = 0; !await condition(); i++)
        {
            (i < 3000 && !process.HasExited).Should().BeTrue($"it should be {what} by now:\n{Log}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public Task<HttpResponseMessage> Post(string path, string json)
    {
        var content = new StringContent(json, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return Http.PostAsync(path, content, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a signal by its name.</summary>
    public async Task Signal(string name) =>
        (await ProcessRun.Of("kill", [$"-{name}", process.Id.ToString(CultureInfo.InvariantCulture)])).ExitCode.Should().Be(0);

    /// <summary>Waits for its end.</summary>
    public async Task<int> ExitCode()
    {
        using var most = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(most.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        Http.Dispose();
    }

    [GeneratedRegex(@"listening on (http://\S+)")]
    private static partial Regex Listening();
}
