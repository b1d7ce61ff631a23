using XDistilTorch.Testing;

namespace XDistilTorch.Parity;

/// <summary>What leaves the repository works elsewhere: the published tool, the installed tool, and the library in somebody else's project.</summary>
public sealed class PackagingTests : IDisposable
{
    private const string Clock = "The clock in the square had been silent for a year until Marit Osei repaired it in spring.";
    private const string Who = "Who repaired the clock?";

    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-package-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static async Task ShouldAnswer(string tool)
    {
        var run = await ProcessRun.Of(tool, ["ask", "--question", Who, "--context", Clock, "--model", BundledModel.Folder]);
        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().StartWith("Marit Osei\n");
    }

    private static void ShouldHaveOnePlatform(string root)
    {
        string[] native = [.. Directory.GetFiles(root, "*LibTorchSharp*", SearchOption.AllDirectories)];
        native.Should().ContainSingle().Which.Should().EndWith("libLibTorchSharp.so");
    }

    [Fact]
    public async Task The_published_tool_answers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the native files of this test are those of Linux");
        await ProcessRun.Dotnet(
            GoldenFolder.Repository,
            "publish",
            "src/XDistilTorch.Cli",
            "-c",
            BuiltTool.Configuration,
            "--no-build",
            "-o",
            folder
        );

        ShouldHaveOnePlatform(folder);
        await ShouldAnswer(Path.Combine(folder, "xdistil"));
    }

    [Fact]
    public async Task The_installed_tool_answers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the native files of this test are those of Linux");
        await ProcessRun.Dotnet(
            GoldenFolder.Repository,
            "pack",
            "src/XDistilTorch.Cli",
            "-c",
            BuiltTool.Configuration,
            "--no-build",
            "-o",
            folder,
            $"-p:PublishDir={folder}/publish/" // not into the build output, where it would stay
        );
        var tools = Path.Combine(folder, "tools");

        await ProcessRun.Dotnet(folder, "tool", "install", "xdistil", "--tool-path", tools, "--source", folder, "--no-cache");

        await ShouldAnswer(Path.Combine(tools, "xdistil"));
    }

    [Fact]
    public async Task The_library_works_in_a_project_that_references_the_packages()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the native files of this test are those of Linux");
        foreach (var project in new[] { "XDistilTorch.Text", "XDistilTorch" })
            await ProcessRun.Dotnet(
                GoldenFolder.Repository,
                "pack",
                $"src/{project}",
                "-c",
                BuiltTool.Configuration,
                "--no-build",
                "-o",
                folder
            );
        var consumer = Directory.CreateDirectory(Path.Combine(folder, "consumer")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(consumer, "consumer.csproj"),
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <ImplicitUsings>enable</ImplicitUsings>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
                <RestorePackagesPath>../packages</RestorePackagesPath>
                <RestoreFallbackFolders>$(UsersPackages)</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="XDistilTorch" Version="0.1.0-*" />
                <PackageReference Include="TorchSharp-cpu" Version="0.107.0" />
              </ItemGroup>
            </Project>
            """
        );
        await File.WriteAllTextAsync(
            Path.Combine(consumer, "Program.cs"),
            """
            using XDistilTorch;
            using var answerer = QuestionAnswerer.FromPretrained(args[0]);
            Console.WriteLine(answerer.Answer(args[1], args[2]).Text);
            """
        );
        await File.WriteAllTextAsync(
            Path.Combine(consumer, "nuget.config"),
            $"""<configuration><packageSources><add key="packed" value="{folder}" /></packageSources></configuration>"""
        );

        var run = await ProcessRun.Dotnet(
            consumer,
            "run",
            "-c",
            "Release",
            $"-p:UsersPackages={BuiltTool.PackageCache}",
            "--",
            BundledModel.Folder,
            Who,
            Clock
        );

        run.Output.TrimEnd().Split('\n')[^1].Should().Be("Marit Osei");
        ShouldHaveOnePlatform(Path.Combine(consumer, "bin"));
    }
}
