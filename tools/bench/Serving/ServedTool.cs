using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace XDistilTorch.Bench.Serving;

/// <summary><c>xdistil serve</c> as a process of its own, and a client of it.</summary>
internal sealed class ServedTool : IDisposable
{
    private const string Says = "listening on ";

    private readonly Process process;
    private readonly HttpClient http;

    public ServedTool(string tool, string modelFolder)
    {
        process = Process.Start(
            new ProcessStartInfo(tool, ["serve", "--port", "0", "--model", modelFolder, "--timeout", "600"])
            {
                RedirectStandardError = true,
            }
        )!;
        var start = Stopwatch.GetTimestamp();
        var address = "";
        while (address.Length == 0)
        {
            var line = process.StandardError.ReadLine() ?? throw new InvalidOperationException("the server ended");
            if (line.IndexOf(Says, StringComparison.Ordinal) is var at and >= 0)
                address = line[(at + Says.Length)..];
        }
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null); // a line a request, which nobody reads
        http = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(10) };
        while (!http.GetAsync("/readyz").GetAwaiter().GetResult().IsSuccessStatusCode)
            Thread.Sleep(5);
        SecondsToReady = Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => http.BaseAddress!;

    /// <summary>From the start of the process until it answers.</summary>
    public double SecondsToReady { get; }

    /// <summary>Its memory, in bytes.</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Asks, and waits for the answer.</summary>
    /// <exception cref="InvalidOperationException">The server refused.</exception>
    public async Task Ask(string request, CancellationToken cancellation = default)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(request));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await http.PostAsync("/v1/answers", body, cancellation);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException(await response.Content.ReadAsStringAsync(cancellation));
        await response.Content.ReadAsByteArrayAsync(cancellation);
    }

    public void Dispose()
    {
        http.Dispose();
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
