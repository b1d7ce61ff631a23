using System.Diagnostics;
using System.Globalization;

namespace XDistilTorch.Bench;

/// <summary>The tool as a process, by engine: start to printed answer on the bundled weights, and the peak memory of that and of answering a file (Linux).</summary>
internal static class ColdStartBench
{
    private const int PredictedRows = 300;

    private static readonly string[] Engines = ["eager", "packed", "int8"];

    public static IReadOnlyList<ProcessFigures> Run(int rounds, string tool, string modelFolder)
    {
        Require(tool);
        string[] question = ["--question", "Who repaired the clock?", "--context", "The clock was silent until Marit Osei repaired it."];
        var peaks = new long[Engines.Length];
        var times = Interleaved.Run(
            rounds,
            [
                .. Engines.Select(
                    (engine, i) =>
                        (Action)(
                            () =>
                                peaks[i] = Math.Max(
                                    peaks[i],
                                    PeakMegabytes(tool, ["ask", .. question, "--model", modelFolder, "--engine", engine])
                                )
                        )
                ),
            ]
        );
        using var data = new InventedRows(PredictedRows, InventedRows.Mixed);
        List<ProcessFigures> figures =
        [
            .. Engines.Select(
                (engine, i) =>
                    new ProcessFigures(
                        engine,
                        [.. times[i].Select(ms => ms / 1000)],
                        peaks[i],
                        PeakMegabytes(tool, ["predict", "--data", data.Path, "--output", "-", "--model", modelFolder, "--engine", engine])
                    )
            ),
        ];
        Console.WriteLine($"engine | start to answer, s: best, median (least-most) | peak MB | predict of {PredictedRows} rows, peak MB");
        foreach (var (engine, start, ask, predict) in figures)
            Console.WriteLine($"{engine, -6} | {start.Min():0.00}, {Interleaved.Show(start)} | {ask} | {predict}");
        return figures;
    }

    /// <exception cref="FileNotFoundException">The tool is not built.</exception>
    public static void Require(string tool)
    {
        if (!File.Exists(tool))
            throw new FileNotFoundException($"{tool}: there is no such file. Build the tool first: dotnet build -c Release.");
    }

    private static long PeakMegabytes(string tool, string[] arguments)
    {
        long peak = 0;
        using var process = Process.Start(
            new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        using var watching = new CancellationTokenSource();
        var watch = Task.Run(() => Watch(process.Id, ref peak, watching.Token));
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        watching.Cancel();
        watch.Wait();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{tool} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error.Result}");
        return peak / 1024;
    }

    // In KiB.
    private static void Watch(int process, ref long peak, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM", StringComparison.Ordinal));
                if (line is not null)
                    peak = Math.Max(peak, long.Parse(line.AsSpan(6).Trim(" \tkB"), CultureInfo.InvariantCulture));
            }
            catch (IOException)
            {
                return; // it has ended
            }
            cancellation.WaitHandle.WaitOne(5);
        }
    }
}
