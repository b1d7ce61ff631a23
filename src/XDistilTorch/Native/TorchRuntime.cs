using System.Runtime.InteropServices;
using TorchSharp;

namespace XDistilTorch.Native;

/// <summary>
/// Loads libtorch once, and says what is wrong where it cannot be loaded. TorchSharp itself would go on searching, copy 480 MB and end in a
/// message about something else.
/// </summary>
public static class TorchRuntime
{
    private static readonly Lazy<TorchLoadException?> Failure = new(Load);

    /// <summary>Loads the native libraries unless they are loaded already; safe to call from any thread, also ahead of need.</summary>
    /// <exception cref="TorchLoadException">They cannot be loaded here; the message names the remedy.</exception>
    public static void EnsureLoaded()
    {
        if (Failure.Value is { } failure)
            throw new TorchLoadException(failure.Message, failure);
    }

    /// <summary>As <see cref="EnsureLoaded"/>, but only says whether it went well: for loading ahead of need.</summary>
    public static bool TryLoad() => Failure.Value is null;

    /// <summary>libtorch's version, such as <c>2.10.0</c>.</summary>
    public static string LibTorchVersion => torch.__version__;

    private static TorchLoadException? Load()
    {
        if (UnsupportedPlatform() is { } unsupported)
            return new TorchLoadException(unsupported);
        try
        {
            // Resolved as TorchSharp resolves it, so that its own look-up finds the library loaded.
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
            torch.InitializeDeviceType(DeviceType.CPU);
            return null;
        }
        catch (Exception e)
            when (e is DllNotFoundException or BadImageFormatException or NotSupportedException or InvalidOperationException)
        {
            return new TorchLoadException(Explain(e.Message), e);
        }
    }

    private static string? UnsupportedPlatform()
    {
        var architecture = RuntimeInformation.ProcessArchitecture;
        if (OperatingSystem.IsWindows())
            return "TorchSharp 0.107.0 does not load on Windows (its issue 1567). Run XDistilTorch under WSL or in a Linux container.";
        if (OperatingSystem.IsLinux() && architecture != Architecture.X64)
            return $"there is no libtorch package for linux-{architecture.ToString().ToLowerInvariant()}. Run XDistilTorch on linux-x64.";
        if (OperatingSystem.IsMacOS() && architecture != Architecture.Arm64)
            return "there is no libtorch package for Macs with Intel processors. Run XDistilTorch on linux-x64 or on an Apple silicon Mac.";
        return null;
    }

    private static string Explain(string found)
    {
        var lines = found.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var culprit =
            lines.FirstOrDefault(l => l.Contains("GLIBC", StringComparison.Ordinal))
            ?? lines.FirstOrDefault(l =>
                l.Contains("LibTorchSharp.so:", StringComparison.Ordinal) && !l.Contains("No such file", StringComparison.Ordinal)
            )
            ?? lines.FirstOrDefault(l =>
                l.Contains("libtorch", StringComparison.Ordinal) && !l.Contains("LibTorchSharp", StringComparison.Ordinal)
            )
            ?? "libLibTorchSharp.so was not found";
        var remedy =
            culprit.Contains("GLIBCXX", StringComparison.Ordinal)
                ? "The library was not patched for this system: build the application with XDistilTorch's own build targets (the package's buildTransitive folder)."
            : culprit.Contains("GLIBC", StringComparison.Ordinal)
                ? "This system's C library is too old; Debian 12, Ubuntu 22.04 and newer are known to work."
            : "Reference the package TorchSharp-cpu (or TorchSharp-cuda-linux) in the executable's project, and keep the folder runtimes/ beside it.";
        return $"libtorch cannot be loaded: {culprit}. {remedy}";
    }
}
