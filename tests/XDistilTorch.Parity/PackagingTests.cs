using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using XDistilTorch.Engines;
using XDistilTorch.Testing;

namespace XDistilTorch.Parity;

/// <summary>What leaves the repository works elsewhere: the published tool, the installed tool, and the library in somebody else's project.</summary>
public sealed class PackagingTests(PackedFeed feed) : IClassFixture<PackedFeed>, IDisposable
{
    private const string Clock = "The clock in the square had been silent for a year until Marit Osei repaired it in spring.";
    private const string Who = "Who repaired the clock?";
    private const long LargestPackage = 250_000_000;

    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-package-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // From an empty folder, where no model is: the tool has its own.
    private async Task ShouldAnswer(string tool)
    {
        var empty = Directory.CreateDirectory(Path.Combine(folder, "empty")).FullName;
        var run = await ProcessRun.Of(tool, ["ask", "--question", Who, "--context", Clock], empty, environment: ("XDISTIL_MODEL", null));
        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().StartWith("Marit Osei\n");
    }

    private static void ShouldHaveOnePlatform(string root)
    {
        string[] native = [.. Directory.GetFiles(root, "*LibTorchSharp*", SearchOption.AllDirectories)];
        native.Should().ContainSingle().Which.Should().EndWith("libLibTorchSharp.so");
    }

    private static void SkipElsewhere() => Assert.SkipUnless(OperatingSystem.IsLinux(), "the native files of this test are those of Linux");

    [Fact]
    public async Task The_published_tool_answers()
    {
        SkipElsewhere();
        var published = Path.Combine(folder, "published");
        await ProcessRun.Dotnet(
            GoldenFolder.Repository,
            "publish",
            "src/XDistilTorch.Cli",
            "-c",
            BuiltTool.Configuration,
            "--no-build",
            "-o",
            published
        );

        ShouldHaveOnePlatform(published);
        await ShouldAnswer(Path.Combine(published, "xdistil"));
    }

    [Fact]
    public async Task The_installed_tool_answers_and_finds_itself_sound()
    {
        SkipElsewhere();
        var tools = Path.Combine(folder, "tools");

        await ProcessRun.Dotnet(
            folder,
            "tool",
            "install",
            "XDistilTorch.Cli",
            "--version",
            feed.Version,
            "--tool-path",
            tools,
            "--source",
            feed.Folder,
            "--no-cache"
        );

        var tool = Path.Combine(tools, "xdistil");
        await ShouldAnswer(tool);
        ShouldHaveOnePlatform(tools);
        var doctor = await ProcessRun.Of(tool, ["doctor", "--json"], Path.Combine(folder, "empty"), environment: ("XDISTIL_MODEL", null));
        doctor.ExitCode.Should().Be(0, doctor.Output + doctor.Error);
        JsonDocument.Parse(doctor.Output).RootElement.GetProperty("ok").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task The_library_answers_in_an_empty_project_that_references_it_and_the_weights()
    {
        SkipElsewhere();
        var (answer, output) = await AskConsumer("consumer", "QuestionAnswerer.Default()");

        answer.Should().Be("Marit Osei");
        ShouldHaveOnePlatform(output);
    }

    [Fact]
    public async Task For_answers_only_libtorch_may_stay_away()
    {
        SkipElsewhere();
        Assert.SkipUnless(ProcessorFeatures.OfThisMachine.Avx2, "the engines that need no libtorch need AVX2");
        var (answer, output) = await AskConsumer(
            "small",
            "QuestionAnswerer.Default(new LoadingOptions { AnswersOnly = true })",
            """<PackageReference Include="libtorch-cpu-linux-x64" Version="2.10.0" ExcludeAssets="all" />"""
        );

        answer.Should().Be("Marit Osei");
        Directory.GetFiles(output, "libtorch*", SearchOption.AllDirectories).Should().BeEmpty();
    }

    // Builds a program that answers one question by the packages; gives its answer and its build output.
    private async Task<(string Answer, string Output)> AskConsumer(string name, string answerer, string reference = "")
    {
        var consumer = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(consumer, $"{name}.csproj"),
            $"""
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
                <PackageReference Include="XDistilTorch" Version="{feed.Version}" />
                <PackageReference Include="XDistilTorch.Weights" Version="{feed.Version}" />
                {reference}
              </ItemGroup>
            </Project>
            """
        );
        await File.WriteAllTextAsync(
            Path.Combine(consumer, "Program.cs"),
            $"""
            using XDistilTorch;
            using var answerer = {answerer};
            Console.WriteLine(answerer.Answer(args[0], args[1]).Text);
            """
        );
        await File.WriteAllTextAsync(
            Path.Combine(consumer, "nuget.config"),
            $"""<configuration><packageSources><add key="packed" value="{feed.Folder}" /></packageSources></configuration>"""
        );
        var run = await ProcessRun.Dotnet(consumer, "run", "-c", "Release", $"-p:UsersPackages={BuiltTool.PackageCache}", "--", Who, Clock);
        return (run.Output.TrimEnd().Split('\n')[^1], Path.Combine(consumer, "bin"));
    }

    [Fact]
    public void Every_project_is_a_package_that_says_what_it_is()
    {
        SkipElsewhere();
        Directory
            .GetFiles(feed.Folder, "*.nupkg")
            .Select(file => Path.GetFileName(file).Replace($".{feed.Version}.nupkg", "", StringComparison.Ordinal))
            .Should()
            .BeEquivalentTo([.. PackedFeed.Projects, "XDistilTorch.Cli.linux-x64"]);
        foreach (var file in Directory.GetFiles(feed.Folder, "*.nupkg"))
        {
            new FileInfo(file).Length.Should().BeLessThan(LargestPackage, file);
            using var package = ZipFile.OpenRead(file);
            var metadata = XDocument
                .Load(package.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open())
                .Root!;
            string[] stated = ["description", "authors", "license", "readme"];
            metadata.Descendants().Select(element => element.Name.LocalName).Should().Contain(stated, file);
            package.Entries.Select(entry => entry.FullName).Should().Contain("README.md", file);
            var library = package.Entries.FirstOrDefault(entry => entry.FullName.StartsWith("lib/", StringComparison.Ordinal));
            if (library is null)
                continue;
            package
                .Entries.Should()
                .Contain(entry => entry.FullName.EndsWith(".xml", StringComparison.Ordinal), "documentation comes along");
            File.Exists(Path.ChangeExtension(file, ".snupkg")).Should().BeTrue("symbols of {0}", file);
        }
    }

    [Fact]
    public void No_assembly_names_the_folders_of_the_machine_that_built_it()
    {
        SkipElsewhere();
        Assert.SkipUnless(BuiltTool.Configuration == "Release", "Debug builds keep them for debuggers");
        var place = Encoding.UTF8.GetBytes(GoldenFolder.Repository + "/");
        foreach (var file in Directory.GetFiles(feed.Folder, "XDistilTorch*.*nupkg"))
        {
            using var package = ZipFile.OpenRead(file);
            foreach (var entry in package.Entries.Where(IsOurs))
            {
                using var bytes = new MemoryStream();
                using (var content = entry.Open())
                    content.CopyTo(bytes);
                bytes.ToArray().AsSpan().IndexOf(place).Should().Be(-1, $"{file} {entry.FullName}");
            }
        }
    }

    private static bool IsOurs(ZipArchiveEntry entry) =>
        (entry.Name.StartsWith("XDistilTorch", StringComparison.Ordinal) || entry.Name.StartsWith("xdistil", StringComparison.Ordinal))
        && Path.GetExtension(entry.Name) is (".dll" or ".pdb");
}
