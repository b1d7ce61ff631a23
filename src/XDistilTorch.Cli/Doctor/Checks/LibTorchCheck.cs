using XDistilTorch.Native;

namespace XDistilTorch.Cli.Doctor.Checks;

/// <summary>Whether libtorch loads; not tried while its files or what they need are broken, as that may end the process.</summary>
/// <param name="load">Loads it and gives its version.</param>
internal sealed class LibTorchCheck(Func<string> load) : ICheck
{
    public string Name => CheckNames.LibTorch;

    public IReadOnlyList<string> Needs => [CheckNames.NativeLibraries, CheckNames.SystemLibraries];

    public Finding Run()
    {
        try
        {
            return Finding.Ok($"loaded, version {load()}");
        }
        catch (TorchLoadException e)
        {
            return Finding.Failed(
                e.Message,
                "Install the tool again, or take one of the systems that are known to work: Linux x64, Debian 12, Ubuntu 22.04 and newer."
            );
        }
    }

    /// <summary>Loads the libtorch of this program.</summary>
    public static string Load()
    {
        TorchRuntime.EnsureLoaded();
        return TorchRuntime.LibTorchVersion;
    }
}
