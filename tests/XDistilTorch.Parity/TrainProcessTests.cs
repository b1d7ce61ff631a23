using System.Diagnostics;
using XDistilTorch.Checkpoints;
using XDistilTorch.Tests;

namespace XDistilTorch.Parity;

/// <summary><c>xdistil train</c> as a process that is killed, told to stop and starved.</summary>
public sealed class TrainProcessTests(ModelFolder model) : IClassFixture<ModelFolder>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-train-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(params string[] names) => Path.Combine([folder, .. names]);

    private string[] Arguments(string output, params string[] more) =>
        [
            "train",
            "--train-file",
            TrainingRows.Write(At("train.jsonl"), TrainingRows.Of(120)),
            "--dev-file",
            TrainingRows.Write(At("dev.jsonl"), TrainingRows.Of(40, seed: 2)),
            "--model",
            model.Path,
            "--output",
            output,
            "--learning-rate",
            "1e-3",
            "--dropout",
            "0.1",
            "--per-device-train-batch-size",
            "4",
            "--num-train-epochs",
            "2",
            "--eval-steps",
            "25",
            "--save-steps",
            "10",
            "--best-metric",
            "f1",
            "--resume",
            .. more,
        ];

    // One thread: the bits are the same whatever the machine does.
    private static (string, string?)[] OneThread => [("OMP_NUM_THREADS", "1"), ("MKL_NUM_THREADS", "1")];

    private Process Start(string output)
    {
        var start = new ProcessStartInfo(BuiltTool.Path, Arguments(output)) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in OneThread)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private async Task RunToTheEnd(string output)
    {
        var run = await ProcessRun.Of(BuiltTool.Path, Arguments(output), environment: OneThread);
        run.ExitCode.Should().Be(0, run.Error);
    }

    [Fact]
    public async Task Killed_at_any_moment_it_ends_with_the_bits_of_a_training_that_was_not()
    {
        var watch = Stopwatch.StartNew();
        await RunToTheEnd(At("whole"));
        var alone = watch.Elapsed;
        var random = new Random(1);
        var killed = 0;

        for (var output = 0; killed < 20; output++)
        {
            for (var ended = false; !ended; )
            {
                using var process = Start(At($"o{output}"));
                ended = process.WaitForExit(alone * (0.2 + 0.9 * random.NextDouble()));
                if (ended)
                    break;
                process.Kill();
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
                ended = ++killed % 5 == 0;
            }
            await RunToTheEnd(At($"o{output}"));

            Same($"o{output}");
        }
    }

    private void Same(string output)
    {
        foreach (var path in Directory.GetFiles(At("whole"), "*", SearchOption.AllDirectories))
        {
            var file = Path.GetRelativePath(At("whole"), path);
            if (file.StartsWith("runs", StringComparison.Ordinal) || file == ".training.lock")
                continue;
            Content(At(output, file)).Should().Be(Content(path), $"{output}/{file} should equal that of the training that was not killed");
        }
        Directory
            .GetFileSystemEntries(At(output))
            .Select(Path.GetFileName)
            .Should()
            .BeEquivalentTo(Directory.GetFileSystemEntries(At("whole")).Select(Path.GetFileName));
    }

    // Times differ; card and report hold the folder's name.
    private static string Content(string path) =>
        Path.GetFileName(path) switch
        {
            "training_log.jsonl" => string.Join(
                '\n',
                File.ReadLines(path).Select(line => line[..line.IndexOf(",\"seconds\"", StringComparison.Ordinal)])
            ),
            "README.md" or "report.html" => "",
            _ => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))),
        };

    [Theory, InlineData("INT", 130), InlineData("TERM", 143)]
    public async Task Told_to_stop_it_saves_a_checkpoint_and_can_go_on(string signal, int exitCode)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs kill");
        using var process = Start(At("o"));
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (!Directory.Exists(At("o", "checkpoint-10")))
        {
            process.HasExited.Should().BeFalse();
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        (await ProcessRun.Of("kill", [$"-{signal}", $"{process.Id}"])).ExitCode.Should().Be(0);

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var error = await errors;
        process.ExitCode.Should().Be(exitCode, error);
        var step = System
            .Text.RegularExpressions.Regex.Match(error, "stopped after step ([0-9]+) of [0-9]+; go on with --resume")
            .Groups[1]
            .Value;
        SafeTensors.Read(At("o", $"checkpoint-{step}", "model.safetensors")).Should().NotBeEmpty();
        File.Exists(At("o", "model.safetensors")).Should().BeFalse();
    }

    [Fact]
    public async Task A_full_disk_is_told_and_the_last_checkpoint_can_go_on()
    {
        var disk = At("disk");
        Directory.CreateDirectory(disk);
        var mounted =
            OperatingSystem.IsLinux() && (await ProcessRun.Of("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk])).ExitCode == 0;
        Assert.SkipUnless(mounted, "needs the right to mount a small file system");
        try
        {
            var output = Path.Combine(disk, "o");

            var run = await ProcessRun.Of(BuiltTool.Path, Arguments(output), environment: OneThread);

            run.ExitCode.Should().Be(1);
            run.Error.Should().Match("*cannot be written:*No space left*");
            File.Exists(Path.Combine(output, "model.safetensors")).Should().BeFalse();
            Directory.GetDirectories(output).Should().NotContain(name => name.EndsWith(".tmp", StringComparison.Ordinal));
            (await ProcessRun.Of("mount", ["-o", "remount,size=64m", disk])).ExitCode.Should().Be(0);
            await RunToTheEnd(output);
            await RunToTheEnd(At("whole"));
            File.ReadAllBytes(Path.Combine(output, "model.safetensors"))
                .Should()
                .Equal(File.ReadAllBytes(At("whole", "model.safetensors")));
        }
        finally
        {
            await ProcessRun.Of("umount", [disk]);
        }
    }
}
