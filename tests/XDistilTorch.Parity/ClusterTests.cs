using XDistilTorch.Testing;
using XDistilTorch.Tests;

namespace XDistilTorch.Parity;

/// <summary>The scripts of <c>tools/cluster</c> with the engines they are for; skipped where an engine is not installed.</summary>
public sealed class ClusterTests : IDisposable
{
    private static readonly string Scripts = Path.Combine(GoldenFolder.Repository, "tools", "cluster");

    private readonly ModelFolder model = new();
    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-cluster-").FullName;

    public ClusterTests() =>
        File.WriteAllLines(
            InFolder("rows.jsonl"),
            Enumerable
                .Range(0, 400)
                .Select(i =>
                    $$"""{"id":"row {{i}}","question":"who repaired the clock?","context":"{{ModelFolder.Text(4 + i % 30, i)}}"}"""
                )
        );

    public void Dispose()
    {
        model.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private string InFolder(string name) => Path.Combine(folder, name);

    private string[] Options => ["--model", model.Path, "--max-length", "64"];

    private static void SkipUnlessInstalled(params string[] programs)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        foreach (var program in programs)
            Assert.SkipUnless(folders.Any(f => File.Exists(Path.Combine(f, program))), $"{program} is not installed");
    }

    private async Task<ProcessRun> Parallel(string tool) =>
        await ProcessRun.Of(
            "bash",
            [Path.Combine(Scripts, "parallel.sh"), "rows.jsonl", "answers.jsonl", "3", .. Options],
            folder,
            environment: [("XDISTIL", tool), ("JOBS", "2"), ("OMP_NUM_THREADS", "1")]
        );

    private async Task<ProcessRun> Tool(params string[] arguments) =>
        await ProcessRun.Of(BuiltTool.Path, [.. arguments, .. Options], folder, environment: ("OMP_NUM_THREADS", "1"));

    [Fact]
    public async Task GNU_parallel_computes_shards_goes_on_after_a_failure_and_merges_them()
    {
        SkipUnlessInstalled("parallel");
        var failing = InFolder("failing");
        await File.WriteAllTextAsync(
            failing,
            $"#!/bin/sh\ncase \"$*\" in *1/3*) exit 1;; esac\nexec '{BuiltTool.Path}' \"$@\"\n",
            TestContext.Current.CancellationToken
        );
        (await ProcessRun.Of("chmod", ["+x", failing])).ExitCode.Should().Be(0);

        (await Parallel(failing)).ExitCode.Should().NotBe(0);
        File.Exists(InFolder("answers.jsonl")).Should().BeFalse();
        var again = await Parallel(BuiltTool.Path);

        again.ExitCode.Should().Be(0, again.Error);
        again.Error.Should().Contain("answers.jsonl.0: is finished and whole").And.Contain("400 rows of 3 shards");
        (await File.ReadAllLinesAsync(InFolder("answers.jsonl.joblog"), TestContext.Current.CancellationToken)).Should().HaveCount(4);
        (await Tool("predict", "--data", "rows.jsonl", "--output", "whole.jsonl")).ExitCode.Should().Be(0);
        SameBytes("answers.jsonl", "whole.jsonl");
    }

    [Fact]
    public async Task Engines_that_cut_the_input_themselves_drive_the_tool_as_a_line_filter()
    {
        SkipUnlessInstalled("parallel");
        var filter = $"'{BuiltTool.Path}' predict --data - --output - --model '{model.Path}' --max-length 64";

        var cut = await ProcessRun.Of(
            "bash",
            ["-c", $"parallel --will-cite --pipe --keep-order --block 20k \"{filter}\" < rows.jsonl > cut.jsonl"],
            folder
        );
        var whole = await ProcessRun.Of("bash", ["-c", $"{filter} < rows.jsonl > whole.jsonl"], folder);

        (cut.ExitCode, whole.ExitCode).Should().Be((0, 0), cut.Error + whole.Error);
        SameBytes("cut.jsonl", "whole.jsonl");
    }

    [Fact]
    public async Task A_Slurm_array_survives_a_killed_and_a_requeued_task()
    {
        SkipUnlessInstalled("slurmctld", "slurmd", "munged", "sbatch");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Slurm and munge are started as root");

        var run = await ProcessRun.Of(
            "bash",
            [Path.Combine(Scripts, "try-slurm.sh")],
            environment: [("XDISTIL", BuiltTool.Path), ("XDISTIL_MODEL", BundledModel.Folder)]
        );

        run.ExitCode.Should().Be(0, run.Output + run.Error);
        run.Output.Should().EndWith("the shards, merged, are the run in one piece\n");
    }

    private void SameBytes(string file, string other) =>
        File.ReadAllBytes(InFolder(file)).AsSpan().SequenceEqual(File.ReadAllBytes(InFolder(other))).Should().BeTrue();
}
