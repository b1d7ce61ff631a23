using XDistilTorch.Cli.Doctor.Probes;

namespace XDistilTorch.Cli.Doctor.Checks;

/// <summary>Whether the system's libraries (the C and C++ run times above all) have the versions of symbols that the native libraries ask for.</summary>
internal sealed class SystemLibrariesCheck(
    Func<NativeLibraries> libraries,
    Func<string, string?> locate,
    Func<string, IReadOnlySet<string>> versions
) : ICheck
{
    // What people know a system's age by.
    private static readonly string[] Shown = ["GLIBC_", "GLIBCXX_"];

    public string Name => CheckNames.SystemLibraries;

    public IReadOnlyList<string> Needs => [CheckNames.NativeLibraries];

    public Finding Run()
    {
        if (!OperatingSystem.IsLinux())
            return Finding.Ok("looked at on Linux only");
        var files = libraries().Files;
        var own = files.Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
        var paths = files.SelectMany(file => file.Needed).Distinct().Where(name => !own.Contains(name)).ToDictionary(name => name, locate);
        if (paths.Where(path => path.Value is null).Select(path => path.Key).ToList() is { Count: > 0 } absent)
            return Finding.Failed(
                $"not on this system: {string.Join(", ", absent)}",
                "Install the packages that have them (Debian, Ubuntu: libstdc++6, libgcc-s1, libgomp1)."
            );
        var present = paths.ToDictionary(path => path.Key, path => versions(path.Value!));
        var needs = files
            .SelectMany(file => file.Versions)
            .Where(need => !need.IsWeak && present.ContainsKey(need.Library))
            .Distinct()
            .ToList();
        var missing = needs.Where(need => !present[need.Library].Contains(need.Version)).ToList();
        return missing.Count > 0 ? Missing(missing) : Finding.Ok(Summary(needs, present.Values.SelectMany(all => all)));
    }

    private static Finding Missing(List<VersionNeed> missing) =>
        Finding.Failed(
            $"not on this system: {string.Join(", ", missing.Select(need => $"{need.Version} of {need.Library}").Distinct())}",
            missing.TrueForAll(need => need.Version.StartsWith("GLIBCXX_", StringComparison.Ordinal))
                ? "Build the program with the build targets that come with the package XDistilTorch: they mend this. Or take a newer system."
                : "This system is too old for libtorch. Debian 12, Ubuntu 22.04 and newer are known to work."
        );

    private static string Summary(List<VersionNeed> needs, IEnumerable<string> present)
    {
        var all = present.ToList();
        return string.Join(
            "; ",
            Shown
                .Select(kind => (Needed: Newest(needs.Select(need => need.Version), kind), Present: Newest(all, kind)))
                .Where(pair => pair.Needed is not null)
                .Select(pair => $"{pair.Needed} needed, {pair.Present} present")
        );
    }

    private static string? Newest(IEnumerable<string> versions, string kind) =>
        versions
            .Where(version => version.StartsWith(kind, StringComparison.Ordinal))
            .Where(version => Version.TryParse(version[kind.Length..], out _)) // not GLIBC_PRIVATE
            .MaxBy(version => Version.Parse(version[kind.Length..]));
}
