using System.Text.Json;

namespace XDistilTorch.Parity.Commands;

/// <summary><c>xdistil doctor</c> on this machine, and on copies of the tool that are broken.</summary>
public sealed class DoctorCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-doctor-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static Dictionary<string, string> States(string json) =>
        JsonDocument
            .Parse(json)
            .RootElement.GetProperty("checks")
            .EnumerateArray()
            .ToDictionary(check => check.GetProperty("name").GetString()!, check => check.GetProperty("state").GetString()!);

    [Fact]
    public async Task A_sound_installation_answers_its_question()
    {
        var run = await CommandRun.Of(CommandRun.WithModel("doctor", "--json"));

        run.ExitCode.Should().Be(0, run.Output + run.Error);
        States(run.Output)
            .Should()
            .HaveCount(11)
            .And.Contain(new KeyValuePair<string, string>("weights", "ok"))
            .And.Contain(new KeyValuePair<string, string>("libtorch", "ok"))
            .And.Contain(new KeyValuePair<string, string>("self-test", "ok"));
    }

    [Fact]
    public async Task People_get_a_line_a_check_and_what_to_do()
    {
        var run = await CommandRun.Of("doctor", "--model", folder);

        run.ExitCode.Should().Be(1);
        run.Output.Should().MatchRegex(@"failed +weights +.*config\.json.*\n +-> Copy").And.MatchRegex(@"skipped +self-test");
        run.Lines[^1].Should().MatchRegex(@"^1 failed, \d+ warnings?\.");
    }

    [Fact]
    public async Task A_tool_whose_libtorch_is_cut_off_lives_to_tell_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the native files of this test are those of Linux");
        var native = Path.Combine(BuiltTool.Folder, "runtimes", "linux-x64", "native");
        foreach (var file in Directory.GetFiles(BuiltTool.Folder))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var broken = Directory.CreateDirectory(Path.Combine(folder, "runtimes", "linux-x64", "native")).FullName;
        foreach (var file in Directory.GetFiles(native).Where(file => Path.GetFileName(file) != "libtorch_cpu.so"))
            File.Copy(file, Path.Combine(broken, Path.GetFileName(file)));
        await File.WriteAllBytesAsync(Path.Combine(broken, "libtorch_cpu.so"), First(Path.Combine(native, "libtorch_cpu.so"), 1 << 20));

        var run = await ProcessRun.Of(Path.Combine(folder, "xdistil"), ["doctor", "--json", "--model", BundledModel.Folder]);

        run.ExitCode.Should().Be(1, run.Error);
        var states = States(run.Output);
        states["native libraries"].Should().Be("failed");
        new[] { "system libraries", "libtorch", "engine", "CUDA", "self-test" }.Should().OnlyContain(name => states[name] == "skipped");
        new[] { "weights", "memory" }.Should().OnlyContain(name => states[name] == "ok");
        run.Output.Should().Contain("libtorch_cpu.so: it ends at byte 1048576");
    }

    private static byte[] First(string file, int count)
    {
        var bytes = new byte[count];
        using var stream = File.OpenRead(file);
        stream.ReadExactly(bytes);
        return bytes;
    }
}
