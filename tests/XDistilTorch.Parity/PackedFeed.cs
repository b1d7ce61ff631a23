using System.Globalization;
using XDistilTorch.Testing;

namespace XDistilTorch.Parity;

/// <summary>A folder with every package of this build, for a class of tests. Its version is that of no other run: no cache can answer for it.</summary>
public sealed class PackedFeed : IAsyncLifetime
{
    private const string Platform = "linux-x64";

    private readonly string suffix = string.Create(CultureInfo.InvariantCulture, $"test.{DateTime.UtcNow:yyyyMMddHHmmss}");

    public string Root { get; } = Directory.CreateTempSubdirectory("xdistil-package-").FullName;

    public string Folder => Path.Combine(Root, "feed");

    /// <summary>What follows a package's name in the name of its file.</summary>
    public string Version =>
        Path.GetFileNameWithoutExtension(Directory.GetFiles(Folder, "XDistilTorch.Text.*.nupkg").Single())["XDistilTorch.Text.".Length..];

    /// <summary>The projects that are to become packages.</summary>
    public static IEnumerable<string> Projects =>
        Directory.GetDirectories(Path.Combine(GoldenFolder.Repository, "src")).Select(folder => Path.GetFileName(folder)).Order();

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux())
            return;
        foreach (var project in Projects.Where(project => project is not "XDistilTorch.Cli" and not "XDistilTorch.Weights"))
            await Pack(project, "--no-build");
        await Pack("XDistilTorch.Weights", "-p:BuildProjectReferences=false"); // which no test is built with
        // The tool for its platform is built beside the one that other tests run meanwhile, which is left alone.
        await ProcessRun.Dotnet(
            GoldenFolder.Repository,
            "build",
            "src/XDistilTorch.Cli",
            "-c",
            BuiltTool.Configuration,
            "--no-restore",
            $"-p:RuntimeIdentifier={Platform}",
            "-p:BuildProjectReferences=false",
            $"-p:VersionSuffix={suffix}"
        );
        await Pack("XDistilTorch.Cli", "--no-build", $"-p:PublishDir={Root}/publish/"); // not into the build output, where it would stay
        Directory.Delete(Path.Combine(Root, "publish"), recursive: true);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Root, recursive: true);
        return ValueTask.CompletedTask;
    }

    private Task<ProcessRun> Pack(string project, params string[] more) =>
        ProcessRun.Dotnet(
            GoldenFolder.Repository,
            ["pack", $"src/{project}", "-c", BuiltTool.Configuration, "-o", Folder, $"-p:VersionSuffix={suffix}", .. more]
        );
}
