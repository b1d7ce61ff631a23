using System.Globalization;

namespace XDistilTorch.Cli.Doctor.Probes;

/// <summary>Processor and memory of this machine, as the kernel tells them.</summary>
internal static class Machine
{
    /// <summary>What the processor is called; null where nobody says.</summary>
    public static string? ProcessorName() =>
        Lines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[^1].Trim();

    /// <summary>The cores of the machine and those that this process gets.</summary>
    public static CoreState Cores()
    {
        var all = Lines("/proc/cpuinfo").Count(line => line.StartsWith("processor", StringComparison.Ordinal));
        return new CoreState(
            Math.Max(all, Environment.ProcessorCount),
            Environment.ProcessorCount,
            ControlGroup.OfThisProcess().Cores,
            Environment.GetEnvironmentVariable("OMP_NUM_THREADS")
        );
    }

    /// <summary>The bytes that this process can still get.</summary>
    public static long FreeMemory()
    {
        var line = Lines("/proc/meminfo").FirstOrDefault(l => l.StartsWith("MemAvailable:", StringComparison.Ordinal));
        var free = line is null
            ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes
            : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        return Math.Min(free, ControlGroup.OfThisProcess().FreeBytes ?? long.MaxValue);
    }

    private static IEnumerable<string> Lines(string file) => File.Exists(file) ? File.ReadLines(file) : [];
}

/// <summary>Cores.</summary>
/// <param name="All">Those of the machine.</param>
/// <param name="Usable">Those that .NET starts threads for: what affinity and control groups leave, rounded up.</param>
/// <param name="Limit">Cores' worth of time that the control group allows; null: no limit.</param>
/// <param name="OmpThreads">OMP_NUM_THREADS, which libtorch follows; null: not set.</param>
internal sealed record CoreState(int All, int Usable, double? Limit, string? OmpThreads);
