using System.Diagnostics;
using System.Globalization;

namespace XDistilTorch.Bench;

/// <summary>The tool as a process: start to printed answer on the bundled weights, and its peak memory (Linux).</summary>
internal static class ColdStartBench
{
    private static readonly string[] Engines = ["eager", "packed", "int8"];

    public static void Run(int rounds, string tool, string modelFolder)
    {
        string[] arguments =
        [
            "ask",
            "--question",
            "Who repaired the clock?",
            "--context",
            "The clock was silent until Marit Osei repaired it.",
            "--model",
            modelFolder,
        ];
        var peaks = new long[Engines.Length];
        var times = Interleaved.Run(
            rounds,
            [
                .. Engines.Select(
                    (engine, i) => (Action)(() => peaks[i] = Math.Max(peaks[i], Once(tool, [.. arguments, "--engine", engine])))
                ),
            ]
        );
        Console.WriteLine("cold start, seconds: best, median (least-most); peak memory");
        foreach (var (i, engine) in Engines.Index())
            Console.WriteLine(
                $"{engine, -6} {times[i].Min() / 1000:0.00}, {Interleaved.Show([.. times[i].Select(ms => ms / 1000)])}; {peaks[i] / 1024} MB"
            );
    }

    // The peak memory in KiB.
    private static long Once(string tool, string[] arguments)
    {
        long peak = 0;
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true })!;
        using var watching = new CancellationTokenSource();
        var watch = Task.Run(() => Watch(process.Id, ref peak, watching.Token));
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        watching.Cancel();
        watch.Wait();
        return peak;
    }

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
