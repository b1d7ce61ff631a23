using System.Text.Json;
using XDistilTorch.Modeling;
using XDistilTorch.Tests;

namespace XDistilTorch.Parity.Commands;

/// <summary><c>xdistil model prune</c> with a small model.</summary>
public sealed class ModelPruneCommandTests(ModelFolder model) : IClassFixture<ModelFolder>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-prune-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(string name) => Path.Combine(folder, name);

    private Task<CommandRun> Prune(params string[] more) => CommandRun.Of(["model", "prune", "--model", model.Path, .. more]);

    private static JsonElement Json(CommandRun run)
    {
        run.ExitCode.Should().Be(0, run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    [Fact]
    public async Task Heads_are_removed_and_the_folder_answers()
    {
        File.WriteAllText(model.File("README.md"), "A model.");

        var run = await Prune("--heads", "0:1-2,1:0", "--output", At("smaller"));

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().Match("*smaller: 2 layers, 5 of their 8 heads, * parameters, * % of those before, stored as float32\n");
        run.Error.Should().Match("xdistil: *smaller: left out, as they belong to the model before: README.md.\n");
        var config = BertConfig.FromFile(At("smaller/config.json"));
        config.PrunedHeads.Should().BeEquivalentTo(new Dictionary<int, int[]> { [0] = [1, 2], [1] = [0] });
        var info = Json(await CommandRun.Of("model", "info", "--model", At("smaller"), "--json"));
        info.GetProperty("config").GetProperty("pruned_heads").GetProperty("0").GetArrayLength().Should().Be(2);
        (await CommandRun.Of("model", "info", "--model", At("smaller")))
            .Output.Should()
            .MatchRegex("pruned heads +layer 0: 1, 2; layer 1: 0");
        var ask = await CommandRun.Of("ask", "--model", At("smaller"), "--question", "who?", "--context", "the clock was repaired by osei");
        ask.ExitCode.Should().Be(0, ask.Error);
    }

    [Fact]
    public async Task Figures_and_speed_are_shown_before_and_after()
    {
        var data = TrainingRows.Write(At("rows.jsonl"), TrainingRows.Of(12));

        var record = Json(await Prune("--layers", "1", "--output", At("smaller"), "--data", data, "--json"));

        record.GetProperty("layers").GetInt32().Should().Be(1);
        record.GetProperty("heads").EnumerateArray().Select(heads => heads.GetInt32()).Should().Equal(4);
        record.GetProperty("stored_as").GetString().Should().Be("float32");
        record.GetProperty("parameters").GetInt64().Should().BeLessThan(record.GetProperty("parameters_before").GetInt64());
        var comparison = record.GetProperty("comparison");
        comparison.GetProperty("questions").GetInt32().Should().Be(12);
        foreach (var (name, folderOf) in new[] { ("before", model.Path), ("after", At("smaller")) })
        {
            var evaluated = Json(await CommandRun.Of("evaluate", "--model", folderOf, "--data", data, "--json"));
            comparison
                .GetProperty("f1")
                .GetProperty(name)
                .GetDouble()
                .Should()
                .BeApproximately(evaluated.GetProperty("f1").GetDouble(), 1e-9);
            comparison
                .GetProperty("exact")
                .GetProperty(name)
                .GetDouble()
                .Should()
                .BeApproximately(evaluated.GetProperty("exact").GetDouble(), 1e-9);
            comparison.GetProperty("windows_per_second").GetProperty(name).GetDouble().Should().BePositive();
        }
        comparison.GetProperty("windows_per_second").GetProperty("speedup").GetDouble().Should().BePositive();
        var table = await Prune("--heads", "0:0-3", "--output", At("without"), "--data", data);
        table.ExitCode.Should().Be(0, table.Error);
        table.Output.Should().Match("*4 of their 8 heads*12 questions*before*after*difference*exact match*F1*windows/s*x *");
    }

    [Fact]
    public async Task The_least_important_heads_are_removed_as_they_were_printed()
    {
        var data = TrainingRows.Write(At("rows.jsonl"), TrainingRows.Of(6));
        var importance = Json(
            await CommandRun.Of("inspect", "importance", "--model", model.Path, "--data", data, "--least", "5", "--json")
        );

        var record = Json(
            await Prune("--heads", importance.GetProperty("least_by_gradient").GetString()!, "--output", At("smaller"), "--json")
        );

        record.GetProperty("heads").EnumerateArray().Sum(heads => heads.GetInt32()).Should().Be(3);
        var again = Json(await CommandRun.Of("inspect", "importance", "--model", At("smaller"), "--data", data, "--json"));
        again.GetProperty("gradient").EnumerateArray().Sum(heads => heads.GetArrayLength()).Should().Be(3);
    }

    [Theory]
    [InlineData(2, "*what to remove is missing: give --heads or --layers.*")]
    [InlineData(2, "*--heads and --layers exclude each other*", "--heads", "0:1", "--layers", "1")]
    [InlineData(2, "*--heads is 0, expected layers and heads from 0 such as 0:2,3:0-5.*", "--heads", "0")]
    [InlineData(2, "*--heads is 0:1:2, expected*", "--heads", "0:1:2")]
    [InlineData(2, "*--heads is 0:3-1, expected*", "--heads", "0:3-1")]
    [InlineData(2, "*--heads is , expected*", "--heads", "")]
    [InlineData(2, "*--layers is x, expected*", "--layers", "x")]
    [InlineData(2, "*--number-rows needs --data.*", "--layers", "1", "--number-rows")]
    [InlineData(1, "*there is no head 4 in layer 1, which has 4, numbered from 0.*", "--heads", "1:4")]
    [InlineData(1, "*there is no layer 2; the model has 2, numbered from 0.*", "--heads", "2:0")]
    [InlineData(1, "*there is no layer 7; the model has 2, numbered from 0.*", "--layers", "7")]
    [InlineData(1, "*all 2 layers would be removed, expected one at least that stays.*", "--layers", "0-1")]
    [InlineData(1, "*none.json: there is no such file*", "--layers", "1", "--data", "none.json")]
    public async Task What_cannot_be_is_told_and_nothing_is_written(int exitCode, string message, params string[] arguments)
    {
        (await Prune([.. arguments, "--output", At("smaller")])).ShouldFail(exitCode, message);
        Directory.GetFileSystemEntries(folder).Should().BeEmpty();
    }

    [Fact]
    public async Task An_output_that_is_there_stays()
    {
        Directory.CreateDirectory(At("there"));

        (await Prune("--layers", "1", "--output", At("there"))).ShouldFail(
            1,
            "*there: is there already, expected the name of a new folder*"
        );
        (await Prune("--layers", "1", "--output", At("none/smaller"))).ShouldFail(1, "*there is no folder *none to put it in*");
        (await Prune("--layers", "1")).ShouldFail(2, "*--output*");

        Directory.GetFileSystemEntries(At("there")).Should().BeEmpty();
    }

    [Fact]
    public async Task Heads_of_a_layer_that_has_none_left_are_told()
    {
        (await Prune("--heads", "0:0-3", "--output", At("smaller"))).ExitCode.Should().Be(0);

        (await CommandRun.Of("model", "prune", "--model", At("smaller"), "--heads", "0:0", "--output", At("other"))).ShouldFail(
            1,
            "*layer 0 has no heads left: all of them were pruned.*"
        );
        var ablation = await CommandRun.Of(
            "inspect",
            "ablation",
            "--model",
            At("smaller"),
            "--question",
            "who repaired the clock?",
            "--context",
            "the clock was repaired by osei",
            "--target",
            "osei",
            "--json"
        );
        Json(ablation)
            .GetProperty("heads")
            .EnumerateArray()
            .Select(head => head.GetProperty("layer").GetInt32())
            .Should()
            .Equal(1, 1, 1, 1);
        (
            await CommandRun.Of(
                "inspect",
                "attention",
                "--model",
                At("smaller"),
                "--question",
                "who?",
                "--context",
                "the clock was repaired by osei",
                "--layers",
                "0"
            )
        ).ShouldFail(1, "*layer 0: the heads that are asked for were pruned*");
    }
}
