using System.Diagnostics;
using System.Globalization;

namespace XDistilTorch.Bench;

/// <summary>The tool as a process: start to printed answer on the bundled weights, and its peak memory (Linux).</summary>
internal static class ColdStartBench
{
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
        var times = new double[rounds];
        long peak = 0;
        for (var i = -1; i < rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true })!;
            using var watching = new CancellationTokenSource();
            var watch = Task.Run(() => Watch(process.Id, ref peak, watching.Token));
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (i >= 0)
                times[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            watching.Cancel();
            watch.Wait();
        }
        Console.WriteLine($"cold start: best {times.Min():0.00} s, median {Interleaved.Show(times)} s; peak memory {peak / 1024} MB");
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
