using System.Runtime.InteropServices;

namespace XDistilTorch.Cli;

/// <summary>Ending the process while native code runs on other threads.</summary>
internal static partial class ProcessEnd
{
    private static volatile bool isPatient,
        stopIsSuccess;

    /// <summary>Whether the first signal lets the work in flight be finished, however long that takes; a second one ends the process.</summary>
    public static bool IsPatient => isPatient;

    /// <summary>From now on the first signal waits for the work in flight: it stops at a safe point by itself.</summary>
    public static void BePatient() => isPatient = true;

    /// <summary>Whether a command that ended after a signal did what it was for.</summary>
    public static bool IsStopSuccess => stopIsSuccess;

    /// <summary>From now on being told to stop is the usual end, and no failure: a server has no other.</summary>
    public static void StopIsSuccess() => stopIsSuccess = true;

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
