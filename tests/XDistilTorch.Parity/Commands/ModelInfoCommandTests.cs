using System.Text.Json;

namespace XDistilTorch.Parity.Commands;

/// <summary><c>xdistil model info</c> on a sound folder and on broken ones.</summary>
public sealed class ModelInfoCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-info-").FullName;

    public ModelInfoCommandTests()
    {
        foreach (var file in Directory.GetFiles(BundledModel.Folder))
            if (Path.GetFileName(file) is var name && name != "model.safetensors")
                File.Copy(file, Path.Combine(folder, name));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_sound_folder_is_described()
    {
        var run = await CommandRun.Of(CommandRun.WithModel("model", "info", "--json"));

        run.ExitCode.Should().Be(0, run.Error);
        var info = JsonDocument.Parse(run.Output).RootElement;
        info.GetProperty("ok").GetBoolean().Should().BeTrue();
        info.GetProperty("parameters").GetProperty("all").GetInt64().Should().Be(33_212_930);
        info.GetProperty("config").GetProperty("num_hidden_layers").GetInt32().Should().Be(12);
        using var training = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(BundledModel.Folder, "training.json")));
        info.GetProperty("files")
            .EnumerateArray()
            .Single(f => f.GetProperty("name").GetString() == "model.safetensors")
            .GetProperty("sha256")
            .GetString()
            .Should()
            .Be(training.RootElement.GetProperty("model_sha256").GetString());
    }

    [Fact]
    public async Task A_broken_folder_is_told_plainly_and_what_is_sound_is_shown()
    {
        File.WriteAllText(Path.Combine(folder, "model.safetensors"), "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");

        var run = await CommandRun.Of("model", "info", "--model", folder);

        run.ExitCode.Should().Be(1);
        run.Output.Should().Contain("12 of 384 units").And.Contain("30522 entries");
        run.Error.Should().Contain("model.safetensors").And.Contain("git-lfs");
    }

    [Fact]
    public async Task Links_count_as_what_they_lead_to_and_dangling_ones_are_told()
    {
        File.CreateSymbolicLink(Path.Combine(folder, "model.safetensors"), Path.Combine(BundledModel.Folder, "model.safetensors"));
        File.CreateSymbolicLink(Path.Combine(folder, "zz"), Path.Combine(folder, "nowhere"));

        var run = await CommandRun.Of("model", "info", "--model", folder, "--json");

        run.ExitCode.Should().Be(1);
        var info = JsonDocument.Parse(run.Output).RootElement;
        info.GetProperty("files")
            .EnumerateArray()
            .Single(f => f.GetProperty("name").GetString() == "model.safetensors")
            .GetProperty("bytes")
            .GetInt64()
            .Should()
            .BeGreaterThan(60_000_000);
        info.GetProperty("problems").EnumerateArray().Should().ContainSingle().Which.GetString().Should().Contain("zz: cannot be read");
    }

    [Fact]
    public async Task Control_characters_of_a_file_do_not_reach_the_terminal()
    {
        File.WriteAllText(Path.Combine(folder, "config.json"), """{"model_type": "bert", "hidden_act": "ge\u001b[31mlu"}""");

        (await CommandRun.Of("model", "info", "--model", folder)).Error.Should().NotContain("\u001b");
        (await CommandRun.Of("ask", "--question", "a", "--context", "b", "--model", folder))
            .Error.Should()
            .Contain("hidden_act")
            .And.NotContain("\u001b");
    }

    [Fact]
    public async Task Every_fault_is_told()
    {
        File.WriteAllText(Path.Combine(folder, "config.json"), "{");
        File.WriteAllText(Path.Combine(folder, "vocab.txt"), "");
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), "");

        var run = await CommandRun.Of("model", "info", "--model", folder, "--json");

        run.ExitCode.Should().Be(1);
        var problems = JsonDocument.Parse(run.Output).RootElement.GetProperty("problems");
        problems
            .EnumerateArray()
            .Select(p => p.GetString())
            .Should()
            .Contain(p => p!.Contains("config.json"))
            .And.Contain(p => p!.Contains("has no weights"));
        problems.GetArrayLength().Should().BeGreaterThanOrEqualTo(3);
    }
}
