namespace XDistilTorch.Cli.Doctor;

/// <summary>The names of checks that others need.</summary>
internal static class CheckNames
{
    public const string NativeLibraries = "native libraries";
    public const string SystemLibraries = "system libraries";
    public const string LibTorch = "libtorch";
    public const string Weights = "weights";
}
