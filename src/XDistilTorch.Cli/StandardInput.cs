namespace XDistilTorch.Cli;

/// <summary>Standard input, also where there is none.</summary>
internal static class StandardInput
{
    private const int CloseOnExec = 0x80000; // O_CLOEXEC of open(2) on Linux

    /// <summary>
    /// The stream of descriptor 0; empty where the process was started with it closed. The runtime then gives its number to a pipe of its own, and reading
    /// would wait for ever.
    /// </summary>
    public static Stream Open() => IsOfOurOwn() ? Stream.Null : Console.OpenStandardInput();

    // An inherited descriptor never closes on exec: it came through one. The runtime's own always do.
    private static bool IsOfOurOwn()
    {
        const string Info = "/proc/self/fdinfo/0";
        if (!OperatingSystem.IsLinux() || !File.Exists(Info))
            return false;
        var flags = File.ReadLines(Info).FirstOrDefault(l => l.StartsWith("flags:", StringComparison.Ordinal));
        return flags is not null && (Convert.ToInt32(flags[6..].Trim(), 8) & CloseOnExec) != 0;
    }
}
