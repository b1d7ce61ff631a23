using System.Diagnostics;
using XDistilTorch.Parity.Commands;
using XDistilTorch.Tests;

namespace XDistilTorch.Parity;

/// <summary><c>xdistil predict</c> as a process that is killed, told to stop, cut off and starved.</summary>
public sealed class PredictProcessTests(ModelFolder model) : IClassFixture<ModelFolder>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-predict-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(string name) => Path.Combine(folder, name);

    private string[] Arguments(string data, string output) =>
        ["predict", "--data", data, "--output", output, "--resume", "--model", model.Path];

    private Process Start(string data, string output) =>
        Process.Start(
            new ProcessStartInfo(BuiltTool.Path, Arguments(data, output))
            {
                RedirectStandardError = true,
                // One thread: the bytes are the same whatever the machine does.
                Environment = { ["OMP_NUM_THREADS"] = "1", ["MKL_NUM_THREADS"] = "1" },
            }
        )!;

    private async Task<int> RunToTheEnd(string data, string output)
    {
        using var process = Start(data, output);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.Should().Be(0, error);
        return process.ExitCode;
    }

    [Fact]
    public async Task Killed_at_fifty_moments_and_more_it_ends_with_the_bytes_of_a_run_that_was_not()
    {
        var data = PredictData.Write(At("rows.jsonl"), 4_000);
        var watch = Stopwatch.StartNew();
        await RunToTheEnd(data, At("whole"));
        var alone = watch.Elapsed;
        var random = new Random(1);
        var killed = 0;

        // Some runs are killed many times before they are through, at every stage: loading, computing, putting in place.
        for (var output = 0; killed < 50; output++)
        {
            for (var ended = false; !ended; )
            {
                using var process = Start(data, At($"o{output}"));
                var lifetime = alone * random.NextDouble() * (killed % 3 == 0 ? 1.2 : 0.6);
                ended = process.WaitForExit(lifetime);
                if (ended)
                    break;
                process.Kill();
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
                killed++;
                ended = killed % 10 == 0;
            }
            await RunToTheEnd(data, At($"o{output}"));

            File.ReadAllBytes(At($"o{output}")).AsSpan().SequenceEqual(File.ReadAllBytes(At("whole"))).Should().BeTrue($"output {output}");
            Directory.GetFiles(folder, $"o{output}*").Select(Path.GetFileName).Should().BeEquivalentTo($"o{output}", $"o{output}.run.json");
        }
    }

    [Theory, InlineData("INT", 130), InlineData("TERM", 143)]
    public async Task Told_to_stop_it_finishes_its_chunk_and_can_go_on(string signal, int exitCode)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs kill");
        var data = PredictData.Write(At("rows.jsonl"), 60_000);
        using var process = Start(data, At("o"));
        while (!File.Exists(At("o.partial")) || new FileInfo(At("o.partial")).Length == 0)
        {
            process.HasExited.Should().BeFalse();
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        (await ProcessRun.Of("kill", [$"-{signal}", $"{process.Id}"])).ExitCode.Should().Be(0);

        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.Should().Be(exitCode, error);
        error.Should().MatchRegex("stopped after [0-9]+ rows; go on with --resume");
        File.Exists(At("o")).Should().BeFalse();
        var written = File.ReadLines(At("o.partial")).Count();
        error.Should().Contain($"stopped after {written} rows", "what is said is what is there");
        (written % 128).Should().Be(0);
    }

    [Fact]
    public async Task A_reader_that_left_ends_it_quietly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a shell");
        var data = PredictData.Write(At("rows.jsonl"), 5_000);

        var run = await ProcessRun.Of(
            "bash",
            ["-c", $"'{BuiltTool.Path}' predict --data '{data}' --output - --model '{model.Path}' | head -n 2"]
        );

        run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2);
        run.Error.Should().BeEmpty();
    }

    [Fact]
    public async Task A_filter_answers_each_line_before_it_gets_the_next()
    {
        using var process = Process.Start(
            new ProcessStartInfo(BuiltTool.Path, ["predict", "--data", "-", "--output", "-", "--model", model.Path])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        string[] lines =
        [
            """{"id": "1", "question": "who?", "context": "the clock"}""",
            "[",
            """{"id": "3", "question": "who?", "context": "osei"}""",
        ];
        foreach (var line in lines)
        {
            await process.StandardInput.WriteLineAsync(line);
            await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);

            var answer = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);

            answer.Should().Match(line == "[" ? """{"id":null,"line":2,"error":*""" : """{"id":"?","question":"who?",*""");
        }
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task A_full_disk_is_told_and_what_was_written_can_go_on()
    {
        var disk = At("disk");
        Directory.CreateDirectory(disk);
        var mounted =
            OperatingSystem.IsLinux() && (await ProcessRun.Of("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk])).ExitCode == 0;
        Assert.SkipUnless(mounted, "needs the right to mount a small file system");
        try
        {
            var data = PredictData.Write(At("rows.jsonl"), 20_000);

            var run = await ProcessRun.Of(BuiltTool.Path, Arguments(data, Path.Combine(disk, "o")));

            run.ExitCode.Should().Be(1);
            run.Error.Should().Match("*o: cannot be written:*is safe; go on with --resume*");
            File.Exists(Path.Combine(disk, "o")).Should().BeFalse();
            (await ProcessRun.Of("mount", ["-o", "remount,size=64m", disk])).ExitCode.Should().Be(0);
            await RunToTheEnd(data, Path.Combine(disk, "o"));
            File.ReadLines(Path.Combine(disk, "o")).Should().HaveCount(20_000);
        }
        finally
        {
            await ProcessRun.Of("umount", [disk]);
        }
    }
}
