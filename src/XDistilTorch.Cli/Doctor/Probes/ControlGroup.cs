using System.Globalization;

namespace XDistilTorch.Cli.Doctor.Probes;

/// <summary>What a container, or whoever started the process, allows it (Linux control groups).</summary>
/// <param name="Cores">Cores' worth of time; null: no limit.</param>
/// <param name="FreeBytes">Memory that is left of the limit; null: no limit.</param>
internal sealed record ControlGroup(double? Cores, long? FreeBytes)
{
    private const long Unlimited = 1L << 60; // version 1 has a number near 2^63 for none

    /// <summary>The limits of this process; those of the groups above hold too.</summary>
    /// <param name="root">The root of the file system.</param>
    public static ControlGroup OfThisProcess(string root = "/")
    {
        var groups = Path.Combine(root, "sys/fs/cgroup");
        var folders = File.Exists(Path.Combine(groups, "cgroup.controllers")) ? Chain(groups, OwnGroup(root)).ToList() : [];
        return folders.Count > 0
            ? new ControlGroup(folders.Select(Cores2).Min(), folders.Select(Free2).Min())
            : new ControlGroup(Cores1(Path.Combine(groups, "cpu")), Free1(Path.Combine(groups, "memory")));
    }

    // "0::/user.slice/session"; within a container "/".
    private static string OwnGroup(string root)
    {
        var file = Path.Combine(root, "proc/self/cgroup");
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith("0::", StringComparison.Ordinal)) : null;
        return line?[3..].Trim('/') ?? "";
    }

    private static IEnumerable<string> Chain(string groups, string own)
    {
        for (var folder = own; folder.Length > 0; folder = Path.GetDirectoryName(folder) ?? "")
            yield return Path.Combine(groups, folder);
        yield return groups;
    }

    private static double? Cores2(string folder) =>
        Text(folder, "cpu.max")?.Split(' ') is [var quota, var period] && Number(quota) is { } time && Number(period) is > 0 and { } all
            ? (double)time / all
            : null;

    private static long? Free2(string folder)
    {
        if (Number(Text(folder, "memory.max")) is not { } limit)
            return null;
        // Files that were read and not changed make room when it is asked for.
        var files = Text(folder, "memory.stat")
            ?.Split('\n')
            .FirstOrDefault(line => line.StartsWith("inactive_file ", StringComparison.Ordinal))
            ?.Split(' ')[1];
        return limit - (Number(Text(folder, "memory.current")) ?? 0) + (Number(files) ?? 0);
    }

    private static double? Cores1(string folder) =>
        Number(Text(folder, "cpu.cfs_quota_us")) is > 0 and { } time && Number(Text(folder, "cpu.cfs_period_us")) is > 0 and { } all
            ? (double)time / all
            : null;

    private static long? Free1(string folder) =>
        Number(Text(folder, "memory.limit_in_bytes")) is { } limit and < Unlimited
            ? limit - (Number(Text(folder, "memory.usage_in_bytes")) ?? 0)
            : null;

    private static string? Text(string folder, string name) =>
        Path.Combine(folder, name) is var path && File.Exists(path) ? File.ReadAllText(path).Trim() : null;

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
