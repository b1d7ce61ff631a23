using System.Runtime.InteropServices;

namespace XDistilTorch.Cli;

/// <summary>Ending the process while native code runs on other threads.</summary>
internal static partial class ProcessEnd
{
    /// <summary>Ends at once. <see cref="Environment.Exit"/> would unload libtorch under its running threads, which may crash.</summary>
    public static void Now(int exitCode)
    {
        if (OperatingSystem.IsWindows())
            Environment.Exit(exitCode);
        ExitWithoutCleanUp(exitCode);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitWithoutCleanUp(int exitCode);
}
