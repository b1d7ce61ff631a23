using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace XDistilTorch.Bench.Serving;

/// <summary><c>wrk</c>, a client that somebody else wrote: so many connections, each asking when it has its answer.</summary>
internal static partial class Wrk
{
    private const string Script = "tools/bench/Serving/wrk.lua";

    /// <summary>Whether the program is installed (Debian: <c>apt-get install wrk</c>).</summary>
    public static bool IsThere =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "wrk")));

    /// <summary>Asks for some time.</summary>
    /// <param name="address">Of the server.</param>
    /// <param name="requests">A file with a request body a line.</param>
    /// <param name="connections">How many.</param>
    /// <param name="seconds">How long.</param>
    /// <returns>Answers a second.</returns>
    /// <exception cref="InvalidOperationException">wrk failed, or a request did.</exception>
    public static double Ask(Uri address, string requests, int connections, int seconds)
    {
        string[] arguments =
        [
            "-t",
            "1",
            "-c",
            $"{connections}",
            "-d",
            $"{seconds}s",
            "--timeout",
            "120s",
            "-s",
            Script,
            $"{address}",
            "--",
            requests,
        ];
        using var process = Process.Start(new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (
            process.ExitCode != 0
            || output.Contains("Non-2xx", StringComparison.Ordinal)
            || output.Contains("Socket errors", StringComparison.Ordinal)
        )
            throw new InvalidOperationException($"wrk {string.Join(' ', arguments)}: {output}");
        return double.Parse(PerSecond().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex PerSecond();
}
