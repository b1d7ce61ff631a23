using System.Diagnostics;
using XDistilTorch.Engines;
using XDistilTorch.Testing;

namespace XDistilTorch.Parity;

/// <summary>The tool as a process of its own: signals, streams, missing files.</summary>
public class ToolProcessTests
{
    private const string Clock = "The clock in the square had been silent for a year until Marit Osei repaired it in spring.";

    private static readonly string[] Ask =
    [
        "ask",
        "--question",
        "Who repaired the clock?",
        "--context",
        Clock,
        "--model",
        BundledModel.Folder,
    ];

    [Fact]
    public async Task It_answers_from_the_bundled_weights_found_from_the_working_folder()
    {
        var run = await ProcessRun.Of(BuiltTool.Path, Ask[..^2], folder: Path.Combine(GoldenFolder.Repository, "src"));

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().StartWith("Marit Osei\n");
        run.Error.Should().BeEmpty();
    }

    [Fact]
    public void Weights_are_not_copied_to_the_build_output() =>
        Directory.Exists(Path.Combine(BuiltTool.Folder, BundledWeights.FolderName)).Should().BeFalse("they are found where they lie");

    [Theory]
    [InlineData("--version")]
    [InlineData("--help")]
    [InlineData("[suggest:13]|xdistil model")]
    public async Task Ways_in_print_and_succeed(string arguments)
    {
        var run = await ProcessRun.Of(BuiltTool.Path, arguments.Split('|'));

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().NotBeEmpty();
        run.Error.Should().BeEmpty();
    }

    [Fact]
    public async Task Without_a_command_it_says_so()
    {
        var run = await ProcessRun.Of(BuiltTool.Path, []);

        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("a command is missing").And.Contain("--help");
    }

    [Fact]
    public async Task Completions_know_commands_and_options()
    {
        (await ProcessRun.Of(BuiltTool.Path, ["[suggest:8]", "xdistil "]))
            .Output.Should()
            .Contain("ask")
            .And.Contain("tokenize")
            .And.Contain("model");
        (await ProcessRun.Of(BuiltTool.Path, ["[suggest:14]", "xdistil ask --"]))
            .Output.Should()
            .Contain("--question")
            .And.Contain("--null-threshold");
    }

    [Fact]
    public async Task A_full_or_closed_output_is_an_error_and_a_reader_that_left_is_not()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a shell and /dev/full");
        var command = string.Join(' ', Ask.Prepend(BuiltTool.Path).Select(a => $"'{a}'"));

        var full = await ProcessRun.Of("bash", ["-c", $"{command} > /dev/full"]);
        full.ExitCode.Should().Be(1);
        full.Error.Should().Contain("xdistil: standard output");
        var closed = await ProcessRun.Of("bash", ["-c", $"{command} >&-"]);
        closed.ExitCode.Should().Be(1);
        closed.Error.Should().Contain("xdistil: standard output");
        var left = await ProcessRun.Of("bash", ["-c", $"set -o pipefail; {command} --json | true"]);
        left.Error.Should().BeEmpty();
        var endless = await ProcessRun.Of(
            "bash",
            ["-c", $"yes '{{\"text\":\"a\"}}' 2>/dev/null | '{BuiltTool.Path}' tokenize --json --model '{BundledModel.Folder}' | head -n 1"]
        );
        endless.Output.Should().Contain("[1037]"); // and the tool has ended, or this test would not
        endless.Error.Should().BeEmpty();
    }

    [Theory, InlineData("2>&-"), InlineData("2>/dev/full")]
    public async Task An_error_that_cannot_be_told_still_ends_with_its_code(string redirection)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a shell and /dev/full");

        (await ProcessRun.Of("bash", ["-c", $"'{BuiltTool.Path}' ask --question ' ' --context x {redirection}"])).ExitCode.Should().Be(1);
    }

    [Fact]
    public async Task A_closed_standard_input_is_an_empty_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a shell");
        var run = await ProcessRun.Of(
            "bash",
            ["-c", $"timeout 30 '{BuiltTool.Path}' ask --question 'Who?' --model '{BundledModel.Folder}' <&-"]
        );

        run.Error.Should().Contain("the text is blank (standard input)");
        run.ExitCode.Should().Be(1);
    }

    [Theory, InlineData("INT", 130), InlineData("TERM", 143)]
    public async Task Signals_end_it_with_their_exit_code_and_no_trace(string signal, int exitCode)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs kill");
        var filler = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"Keeper {i} of the lamp noted a quiet night. "));
        using var process = Process.Start(
            new ProcessStartInfo(BuiltTool.Path, [.. Ask[..3], "--model", BundledModel.Folder])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        await process.StandardInput.WriteAsync(filler); // minutes of work: it cannot have ended by itself
        process.StandardInput.Close();
        await WaitUntilBusy(process);

        (await ProcessRun.Of("kill", [$"-{signal}", $"{process.Id}"])).ExitCode.Should().Be(0);

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.Should().Be(exitCode);
        (await process.StandardOutput.ReadToEndAsync()).Should().BeEmpty();
        (await process.StandardError.ReadToEndAsync()).Should().BeEmpty();
    }

    private static async Task WaitUntilBusy(Process process)
    {
        while (process.TotalProcessorTime < TimeSpan.FromSeconds(1) && !process.HasExited)
        {
            await Task.Yield();
            process.Refresh();
        }
        process.HasExited.Should().BeFalse();
    }

    // The tool without libtorch's files.
    private static async Task<ProcessRun> RunBare(params string[] arguments)
    {
        var copy = Directory.CreateTempSubdirectory("xdistil-bare-").FullName;
        try
        {
            foreach (var file in Directory.GetFiles(BuiltTool.Folder))
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            // Nor those of the package cache, where TorchSharp would look for them.
            return await ProcessRun.Of(Path.Combine(copy, "xdistil"), arguments, environment: ("NUGET_PACKAGES", copy));
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Theory, InlineData("auto"), InlineData("int8")]
    public async Task Answers_need_no_libtorch(string engine)
    {
        Assert.SkipUnless(ProcessorFeatures.OfThisMachine.Avx2, "the engines that need no libtorch need AVX2");

        var run = await RunBare([.. Ask, "--engine", engine]);

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().StartWith("Marit Osei\n");
        run.Error.Should().BeEmpty();
    }

    [Fact]
    public async Task Nor_do_files_of_questions_and_their_evaluation()
    {
        Assert.SkipUnless(ProcessorFeatures.OfThisMachine.Avx2, "the engines that need no libtorch need AVX2");
        var data = Path.Combine(GoldenFolder.Repository, "samples", "data", "lighthouse.json");
        var output = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            ProcessRun predicted = await RunBare("predict", "--data", data, "--output", output, "--model", BundledModel.Folder),
                evaluated = await RunBare("evaluate", "--data", data, "--model", BundledModel.Folder);

            predicted.ExitCode.Should().Be(0, predicted.Error);
            File.ReadLines(output).Should().HaveCount(8);
            evaluated.ExitCode.Should().Be(0, evaluated.Error);
        }
        finally
        {
            File.Delete(output);
        }
    }

    [Theory, InlineData("ask --engine eager"), InlineData("inspect attention")]
    public async Task Where_native_files_are_missing_and_needed_it_names_the_remedy(string command)
    {
        var run = await RunBare([.. command.Split(' '), .. Ask[1..]]);

        run.ExitCode.Should().Be(1);
        run.Error.Should().StartWith("xdistil: libtorch cannot be loaded: ").And.Contain("TorchSharp-cpu");
        run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(1);
    }

    [Fact]
    public async Task The_CUDA_backend_is_one_property_away()
    {
        foreach (
            var (backend, expected, absent) in new[]
            {
                ("cpu", "TorchSharp-cpu", "TorchSharp-cuda"),
                ("cuda", "TorchSharp-cuda", "TorchSharp-cpu"),
            }
        )
        {
            var run = await ProcessRun.Dotnet(
                GoldenFolder.Repository,
                "msbuild",
                "src/XDistilTorch.Cli/XDistilTorch.Cli.csproj",
                $"-p:TorchBackend={backend}",
                "-getItem:PackageReference"
            );
            run.Output.Should().Contain(expected).And.NotContain(absent);
        }
    }
}
