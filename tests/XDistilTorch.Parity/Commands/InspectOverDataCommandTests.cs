using System.Text;
using System.Text.Json;
using XDistilTorch.Cli;
using XDistilTorch.Tests;

namespace XDistilTorch.Parity.Commands;

/// <summary><c>xdistil inspect … --data</c>: measures over a file of questions, with a small model.</summary>
public sealed class InspectOverDataCommandTests(ModelFolder model) : IClassFixture<ModelFolder>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-inspect-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(string name) => Path.Combine(folder, name);

    private string Data(int rows, params string[] more) => PredictData.Write(At("rows.jsonl"), rows, more);

    private Task<CommandRun> Inspect(string command, params string[] more) =>
        CommandRun.Of(["inspect", command, "--model", model.Path, .. more]);

    [Theory]
    [InlineData("attention")]
    [InlineData("attribution", "--method", "all", "--curves", "--steps", "4")]
    [InlineData("ablation")]
    [InlineData("lens", "--top", "2")]
    [InlineData("knockout")]
    public async Task A_row_says_what_the_command_says_of_one_question(string command, params string[] more)
    {
        var data = PredictData.Write(At("rows.jsonl"), 2);
        var (question, context, _) = ModelFolder.Question(0); // of one window

        var run = await Inspect(command, ["--data", data, "--output", At("out.jsonl"), "--report", At("out.html"), .. more]);
        var alone = await Inspect(command, ["--question", question, "--context", context, "--json", .. more]);

        run.ExitCode.Should().Be(0, run.Error);
        alone.ExitCode.Should().Be(0, alone.Error);
        run.Output.Should().BeEmpty();
        run.Error.Should().Match("xdistil: *out.jsonl: 2 rows*; * s\n");
        var row = (await File.ReadAllLinesAsync(At("out.jsonl"), TestContext.Current.CancellationToken))[0];
        row.Should().StartWith("{\"id\":\"q0\",");
        if (command == "attention")
            WithoutTokensOfHeads(alone.Output)
                .Should()
                .Be(WithoutTokensOfHeads(row.Replace("\"id\":\"q0\",", "", StringComparison.Ordinal)));
        else
            row.Should().Be($"{{\"id\":\"q0\",{alone.Output.TrimEnd()[1..]}");
        (await File.ReadAllTextAsync(At("out.html"), TestContext.Current.CancellationToken))
            .Should()
            .Contain("over rows.jsonl: 2 questions")
            .And.Contain("<svg");
        File.Exists(At("out.jsonl.partial")).Should().BeFalse();
    }

    private static string WithoutTokensOfHeads(string json)
    {
        var record = System.Text.Json.Nodes.JsonNode.Parse(json)!;
        foreach (var layer in record["layers"]!.AsArray())
        foreach (var head in layer!["heads"]!.AsArray())
        {
            head!.AsObject().Remove("looks_at");
            head.AsObject().Remove("looked_at_by");
            head.AsObject().Remove("value_norm");
        }
        return record.ToJsonString();
    }

    [Fact]
    public async Task Rows_go_through_a_pipe()
    {
        var rows = CommandRun.Utf8("""{"id": "a", "question": "who?", "context": "the clock was repaired by osei"}""");

        var run = await CommandRun.WithInput(rows, "inspect", "lens", "--model", model.Path, "--data", "-", "--output", "-");

        run.ExitCode.Should().Be(0, run.Error);
        JsonDocument.Parse(run.Lines.Single()).RootElement.GetProperty("id").GetString().Should().Be("a");
        run.Error.Should().Match("xdistil: 1 row*; * s\n");
    }

    [Fact]
    public async Task A_row_that_fails_has_an_error_record_and_is_counted()
    {
        var data = Data(
            1,
            """{"id": "none", "question": "who?", "context": "the clock"}""",
            """{"id": "bad", "question": 5, "context": "the clock"}"""
        );
        File.AppendAllText(data, """{"id": "good", "question": "who?", "context": "by osei"}""");

        var run = await Inspect("lens", "--data", data, "--output", At("out.jsonl"), "--target", "osei", "--report", At("out.html"));

        run.ExitCode.Should().Be(0, run.Error);
        var lines = await File.ReadAllLinesAsync(At("out.jsonl"), TestContext.Current.CancellationToken);
        var errors = lines
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.TryGetProperty("error", out var _))
            .ToDictionary(line => line.GetProperty("id").GetString()!, line => line.GetProperty("error"));
        errors["none"].GetProperty("code").GetString().Should().Be("nothing-to-inspect");
        errors["none"].GetProperty("message").GetString().Should().Match("line 2*\"osei\" does not stand in the text*");
        errors["bad"].GetProperty("code").GetString().Should().Be("wrong-type");
        lines.Should().HaveCount(4);
        run.Error.Should().Match("*4 rows*with an error record (nothing-to-inspect *wrong-type 1); *");
        (await File.ReadAllTextAsync(At("out.html"), TestContext.Current.CancellationToken)).Should().Contain("wrong-type 1");
    }

    [Fact]
    public async Task Rows_are_chosen_at_random_by_a_seed()
    {
        var data = Data(30);
        async Task<string[]> Ids(string seed)
        {
            var run = await Inspect("lens", "--data", data, "--limit", "5", "--seed", seed, "--output", "-");
            run.ExitCode.Should().Be(0, run.Error);
            return [.. run.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!)];
        }

        var first = await Ids("1");

        first.Should().HaveCount(5).And.OnlyHaveUniqueItems().And.NotEqual(["q0", "q1", "q2", "q3", "q4"]);
        (await Ids("1")).Should().Equal(first);
        (await Ids("2")).Should().NotEqual(first);
    }

    [Fact]
    public async Task A_table_has_the_format_of_Parquet()
    {
        var run = await Inspect("ablation", "--data", Data(3), "--output", At("out.parquet"), "--layers", "1", "--kind", "mean");

        run.ExitCode.Should().Be(0, run.Error);
        var bytes = await File.ReadAllBytesAsync(At("out.parquet"), TestContext.Current.CancellationToken);
        Encoding.ASCII.GetString(bytes, 0, 4).Should().Be("PAR1");
        Encoding.ASCII.GetString(bytes, bytes.Length - 4, 4).Should().Be("PAR1");
    }

    [Fact]
    public async Task Values_of_the_longest_reference_window_serve_all_rows_that_it_is_long_enough_for()
    {
        var reference = TrainingRows.Write(At("reference.jsonl"), TrainingRows.Of(6));

        var run = await Inspect(
            "ablation",
            ["--data", Data(4), "--output", At("out.jsonl"), "--kind", "resample", "--reference", reference, "--layers", "0"]
        );

        run.ExitCode.Should().Be(0, run.Error);
        var lines = await File.ReadAllLinesAsync(At("out.jsonl"), TestContext.Current.CancellationToken);
        lines.Should().HaveCount(4).And.Contain(line => line.Contains("\"kind\":\"resample\"", StringComparison.Ordinal));
    }

    [Theory, InlineData("out.jsonl"), InlineData("out.parquet")]
    public async Task What_was_measured_before_a_stop_is_kept_and_told(string name)
    {
        using var stop = new CancellationTokenSource();
        var partial = At($"{name}.partial");
        using var error = new StringWriter { NewLine = "\n" };
        using var output = new StringWriter();
        var terminal = new Terminal(new MemoryStream(), true, output, Terminal.PrettyOver(output, redirected: true), error);
        var run = Task.Run(() =>
            new CommandLine(terminal).RunAsync(
                ["inspect", "attention", "--model", model.Path, "--data", Data(50_000), "--output", At(name), "--report", At("out.html")],
                stop.Token
            )
        );
        while (!run.IsCompleted && !(File.Exists(partial) && new FileInfo(partial).Length > 3))
            await Task.Delay(20, TestContext.Current.CancellationToken);
        await stop.CancelAsync();

        (await run).Should().Be(ExitCode.Interrupted, error.ToString());

        error.ToString().Should().Match($"*xdistil: stopped after * row*, kept in {partial}.\n");
        File.Exists(At(name)).Should().BeFalse();
        File.Exists(At("out.html")).Should().BeFalse();
        if (name.EndsWith(".jsonl", StringComparison.Ordinal))
            (await File.ReadAllTextAsync(partial, TestContext.Current.CancellationToken)).Should().EndWith("}\n");
        else
            (await File.ReadAllBytesAsync(partial, TestContext.Current.CancellationToken))[^4..].Should().Equal("PAR1"u8.ToArray());
        (await Inspect("lens", "--data", At("rows.jsonl"), "--output", At(name))).ShouldFail(1, $"*{name}.partial: is there already*");
    }

    [Fact]
    public async Task Wrong_usage_is_told_before_anything_is_loaded()
    {
        var data = Data(1);
        async Task Fails(int code, string message, params string[] more) =>
            (await CommandRun.Of(["inspect", "attention", "--model", At("no-model"), .. more])).ShouldFail(code, message);

        await Fails(2, "*--output is missing*", "--data", data);
        await Fails(2, "*--question and --data exclude each other*", "--data", data, "--question", "who?", "--output", At("o.jsonl"));
        await Fails(2, "*--window and --data exclude each other*", "--data", data, "--window", "0", "--output", At("o.jsonl"));
        await Fails(2, "*--json and --data exclude each other*", "--data", data, "--json", "--output", At("o.jsonl"));
        await Fails(2, "*--output needs --data*", "--question", "who?", "--context", "osei", "--output", At("o.jsonl"));
        await Fails(2, "*--seed needs --limit*", "--data", data, "--seed", "1", "--output", At("o.jsonl"));
        await Fails(2, "*--seed needs a file as --data*", "--data", "-", "--seed", "1", "--limit", "2", "--output", At("o.jsonl"));
        await Fails(2, "*--data is -, but nothing is piped in*", "--data", "-", "--output", At("o.jsonl"));
        await Fails(2, "*expected a name that ends in .jsonl or .parquet*", "--data", data, "--output", At("o.csv"));
        await Fails(1, "*none.json: there is no such file*", "--data", At("none.json"), "--output", At("o.jsonl"));
        await File.WriteAllTextAsync(At("o.jsonl"), "mine", TestContext.Current.CancellationToken);
        await Fails(1, "*o.jsonl: is there already*", "--data", data, "--output", At("o.jsonl"));
        (await File.ReadAllTextAsync(At("o.jsonl"), TestContext.Current.CancellationToken)).Should().Be("mine");
        Directory.GetFiles(folder).Should().HaveCount(2, "nothing stays of the attempts");
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_leaves_nothing_behind()
    {
        await File.WriteAllTextAsync(At("broken.json"), "PAR1, and then nothing of a table", TestContext.Current.CancellationToken);

        var run = await Inspect("lens", "--data", At("broken.json"), "--output", At("o.jsonl"));

        run.ShouldFail(1, "*broken.json: *");
        Directory.GetFiles(folder).Should().Equal(At("broken.json"));
    }
}
