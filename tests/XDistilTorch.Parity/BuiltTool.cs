using XDistilTorch.Testing;

namespace XDistilTorch.Parity;

/// <summary>The tool as this test run's own build left it.</summary>
internal static class BuiltTool
{
    /// <summary>Release or Debug, as these tests are.</summary>
    public static string Configuration { get; } =
        AppContext.BaseDirectory.Split(System.IO.Path.DirectorySeparatorChar).Contains("Release") ? "Release" : "Debug";

    public static string Folder =>
        System.IO.Path.Combine(GoldenFolder.Repository, "src", "XDistilTorch.Cli", "bin", Configuration, "net10.0");

    public static string Path => System.IO.Path.Combine(Folder, "xdistil");

    /// <summary>Where NuGet keeps this user's packages.</summary>
    public static string PackageCache { get; } =
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
