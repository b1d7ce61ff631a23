using System.Text.Json;
using XDistilTorch.Tests;

namespace XDistilTorch.Parity.Commands;

/// <summary><c>xdistil model convert</c> with a small model.</summary>
public sealed class ModelConvertCommandTests(ModelFolder model) : IClassFixture<ModelFolder>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-convert-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(string name) => Path.Combine(folder, name);

    private Task<CommandRun> Convert(params string[] more) => CommandRun.Of(["model", "convert", model.Path, .. more]);

    [Fact]
    public async Task What_it_writes_answers_and_is_summed_up()
    {
        File.WriteAllText(model.File("notes.txt"), "mine");

        var run = await Convert(At("parts"), "--dtype", "fp16", "--max-shard-size", "5KB", "--json");

        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().Match("xdistil: *parts: left out: notes.txt.\n");
        using var json = JsonDocument.Parse(run.Output);
        var record = json.RootElement;
        record.GetProperty("hashes_equal").GetInt32().Should().Be(record.GetProperty("tensors").GetInt32()).And.BeGreaterThan(30);
        record.GetProperty("types_before").GetProperty("F32").GetInt32().Should().Be(record.GetProperty("tensors").GetInt32());
        record.GetProperty("types").GetProperty("F16").GetInt32().Should().Be(record.GetProperty("tensors").GetInt32());
        record.GetProperty("bytes").GetInt64().Should().Be(record.GetProperty("bytes_before").GetInt64() / 2);
        foreach (var file in record.GetProperty("files").EnumerateArray())
            new FileInfo(Path.Combine(At("parts"), file.GetProperty("name").GetString()!))
                .Length.Should()
                .Be(file.GetProperty("bytes").GetInt64());
        var ask = await CommandRun.Of("ask", "--model", At("parts"), "--question", "who?", "--context", "the clock was repaired by osei");
        ask.ExitCode.Should().Be(0, ask.Error);
        File.Delete(model.File("notes.txt"));
    }

    [Fact]
    public async Task People_get_a_table()
    {
        var run = await Convert(At("narrow"), "--dtype", "bf16");

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should()
            .MatchRegex(@"tensors +\d+ of [\d,]+ numbers, read back and equal")
            .And.MatchRegex(@"stored as +F32 -> BF16")
            .And.MatchRegex(@"rounded +\d+ tensors, by 0\.\d{6} at most")
            .And.MatchRegex(@"model\.safetensors +[\d,]+ bytes");
    }

    [Fact]
    public async Task Wrong_usage_and_bad_input_are_told()
    {
        (await Convert(At("x"), "--max-shard-size", "0")).ShouldFail(2, "*--max-shard-size is 0, expected a size such as 20MB*");
        (await Convert(At("x"), "--max-shard-size", "5 furlongs")).ShouldFail(2, "*--max-shard-size is 5 furlongs, expected*");
        (await Convert(At("x"), "--dtype", "fp8")).ShouldFail(2, "*--dtype is fp8, expected fp32, fp16 or bf16.*");
        (await Convert(model.Path)).ShouldFail(1, "*is there already, expected the name of a new folder*");
        (await CommandRun.Of("model", "convert", At("nothing"), At("x"))).ShouldFail(1, "*SOURCE: there is no folder *nothing. *ORG/NAME*");
        Directory.EnumerateFileSystemEntries(folder).Should().BeEmpty();
    }

    [Theory, InlineData("2kb", 2), InlineData("2000", 2), InlineData("0.002 MB", 2), InlineData("2KiB", 2), InlineData("1GB", 1)]
    public async Task Sizes_are_read_with_their_units(string size, int least)
    {
        var run = await Convert(At("sized"), "--max-shard-size", size, "--json");

        run.ExitCode.Should().Be(0, run.Error);
        var files = Directory.GetFiles(At("sized"), "*.safetensors");
        if (least == 1)
            files.Should().ContainSingle();
        else
            files.Should().HaveCountGreaterThan(least);
    }
}
