using System.Text.Json;
using XDistilTorch.Tests;

namespace XDistilTorch.Parity.Commands;

/// <summary><c>xdistil predict</c> on a small model: what it writes, refuses and says.</summary>
public sealed class PredictCommandTests(ModelFolder model) : IClassFixture<ModelFolder>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-predict-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(string name) => Path.Combine(folder, name);

    private string Data(int rows, params string[] more) => PredictData.Write(At("rows.jsonl"), rows, more);

    private Task<CommandRun> Predict(params string[] arguments) => CommandRun.Of(["predict", .. arguments, "--model", model.Path]);

    private static List<JsonElement> Records(string path) =>
        [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    [Fact]
    public async Task A_record_for_every_row_in_order_and_a_summary()
    {
        var run = await Predict("--data", Data(300), "--output", At("o.jsonl"), "--top-k", "2");

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().BeEmpty();
        run.Error.Should().Match("*o.jsonl: 300 rows; * windows in *a second*");
        var records = Records(At("o.jsonl"));
        records.Select(record => record.GetProperty("id").GetString()).Should().Equal(Enumerable.Range(0, 300).Select(i => $"q{i}"));
        records.Should().OnlyContain(record => record.GetProperty("decoder").GetString() == "squad");
        records.Should().OnlyContain(record => record.GetProperty("answers").GetArrayLength() <= 2);
        File.Exists(At("o.jsonl.partial")).Should().BeFalse();
        File.Exists(At("o.jsonl.partial.json")).Should().BeFalse();
    }

    [Fact]
    public async Task Shards_are_merged_to_the_bytes_of_the_whole()
    {
        var data = Data(700);
        (await Predict("--data", data, "--output", At("o"))).ExitCode.Should().Be(0);
        for (var shard = 0; shard < 3; shard++)
            (await Predict("--data", data, "--output", At($"s{shard}"), "--shard", $"{shard}/3")).ExitCode.Should().Be(0);

        var run = await CommandRun.Of("predict", "merge", At("s1"), At("s0"), At("s2"), "--output", At("m"));

        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().Contain("m: 700 rows of 3 shards");
        File.ReadAllBytes(At("m")).Should().Equal(File.ReadAllBytes(At("o")));
    }

    [Fact]
    public async Task The_files_of_SQuAD()
    {
        var run = await Predict("--data", Data(20), "--output", At("p.json"), "--format", "squad", "--n-best-size", "5");

        run.ExitCode.Should().Be(0, run.Error);
        var predictions = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(At("p.json")))!;
        var lists = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(File.ReadAllText(At("p.json.nbest.json")))!;
        var odds = JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(At("p.json.null_odds.json")))!;
        predictions.Keys.Should().BeEquivalentTo(lists.Keys).And.BeEquivalentTo(odds.Keys).And.HaveCount(20);
        lists.Values.Should().OnlyContain(list => list.GetArrayLength() <= 6);
    }

    [Fact]
    public async Task A_bad_row_stops_it_and_the_run_can_go_on_by_skipping()
    {
        var data = Data(300, """{"id": "bad", "question": "who?"}""", """{"id": "q1", "question": "who?", "context": "the clock"}""");

        var stopped = await Predict("--data", data, "--output", At("o"));

        stopped.ShouldFail(1, "*rows.jsonl: line 301*context*");
        File.Exists(At("o")).Should().BeFalse();
        var skipped = await Predict("--data", data, "--output", At("o"), "--resume", "--on-error", "skip");
        skipped.ExitCode.Should().Be(0, skipped.Error);
        skipped.Error.Should().Match("*o: 302 rows, 46 of them now, 2 without an answer (error records)*");
        var records = Records(At("o"));
        records.Should().HaveCount(302);
        records[300].GetRawText().Should().Match("""{"id":"bad","line":301,"error":{"code":"missing-field","message":"line 301*"}}""");
        records[301].GetProperty("error").GetProperty("code").GetString().Should().Be("duplicate-id");
    }

    [Fact]
    public async Task What_is_there_is_not_overwritten_unasked()
    {
        var data = Data(5);
        await Predict("--data", data, "--output", At("o"));
        var before = File.ReadAllText(At("o"));

        (await Predict("--data", data, "--output", At("o"))).ShouldFail(1, "*o: is there already*--resume*--overwrite*");
        (await Predict("--data", data, "--output", At("o"), "--resume", "--top-k", "3")).ShouldFail(
            1,
            "*of another run: --top-k was 1, is 3*"
        );
        File.AppendAllText(data, """{"id": "new", "question": "who?", "context": "the clock"}""");
        (await Predict("--data", data, "--output", At("o"), "--resume")).ShouldFail(1, "*of another run: the data's SHA-256 was*");
        File.ReadAllText(At("o")).Should().Be(before);

        var again = await Predict("--data", data, "--output", At("o"), "--overwrite");
        again.Error.Should().Contain("6 rows");
    }

    [Fact]
    public async Task A_finished_run_is_verified_and_left()
    {
        var data = Data(5);
        await Predict("--data", data, "--output", At("o"), "--resume");

        var run = await Predict("--data", data, "--output", At("o"), "--resume");

        run.ExitCode.Should().Be(0);
        run.Error.Should().Contain("o: is finished and whole, 5 rows.");
    }

    [Fact]
    public async Task A_dry_run_counts_and_names_bad_rows_and_writes_nothing()
    {
        var run = await Predict("--data", Data(300, "no json"), "--output", At("o"), "--dry-run", "--shard", "2/3");

        run.ExitCode.Should().Be(1);
        run.Output.Should().Match("rows in the data*301*rows of this shard*45*rows without an answer*1*windows*decoder*squad*");
        run.Error.Should().Contain("rows.jsonl: line 301");
        Directory.GetFiles(folder).Should().ContainSingle();
    }

    [Fact]
    public async Task A_line_in_a_record_out()
    {
        var input = CommandRun.Utf8(
            """
            {"id": "1", "question": "who was it?", "context": "the clock was repaired by osei."}
            nonsense
            {"id": "3", "question": "who was it?", "context": "the clock was repaired by osei."}
            """
        );

        var run = await CommandRun.WithInput(input, "predict", "--data", "-", "--output", "-", "--format", "jsonl", "--model", model.Path);

        run.ExitCode.Should().Be(0, run.Error);
        run.Lines.Should().HaveCount(3);
        run.Lines[1].Should().StartWith("""{"id":null,"line":2,"error":{"code":"not-json",""");
        run.Error.Should().Contain("3 rows, 1 of them with an error record");
    }

    [Fact]
    public async Task Rows_without_ids_get_their_numbers()
    {
        var input = CommandRun.Utf8("""{"question": "who was it?", "context": "the clock."}""");

        var run = await CommandRun.WithInput(input, "predict", "--data", "-", "--output", "-", "--number-rows", "--model", model.Path);

        run.Lines.Single().Should().StartWith("""{"id":"1",""");
    }

    [Theory]
    [InlineData("--decoder", "calibrated")]
    [InlineData("--decoder", "pipeline")]
    public async Task Decoders_are_taken_by_name(string option, string decoder)
    {
        var run = await Predict("--data", Data(3), "--output", At("o"), option, decoder, "--always-answer");

        run.ExitCode.Should().Be(0, run.Error);
        Records(At("o")).Should().OnlyContain(record => record.GetProperty("decoder").GetString() == decoder);
        run.Error.Contains("has no calibration.json", StringComparison.Ordinal).Should().Be(decoder == "calibrated");
    }

    [Fact]
    public async Task Questions_over_documents_name_the_document()
    {
        Directory.CreateDirectory(At("docs/sub"));
        File.WriteAllText(At("docs/a.txt"), "the clock was repaired by osei.");
        File.WriteAllText(At("docs/sub/b.md"), "the osei was a clock. the clock was the clock.");
        File.WriteAllText(At("docs/ignored.bin"), "\0");
        File.WriteAllText(At("questions.txt"), "who repaired the clock?\n\nwho was it?\n");

        var run = await Predict(
            "--questions",
            At("questions.txt"),
            "--contexts",
            At("docs"),
            "--output",
            At("o"),
            "--top-k",
            "8",
            "--always-answer"
        );

        run.ExitCode.Should().Be(0, run.Error);
        var records = Records(At("o"));
        records.Select(record => record.GetProperty("id").GetString()).Should().Equal("1", "3");
        string[] names = ["a.txt", Path.Combine("sub", "b.md")];
        foreach (var record in records)
        {
            record.GetProperty("decoder").GetString().Should().Be("calibrated");
            names.Should().Contain(record.GetProperty("document").GetString());
            var listed = record.GetProperty("answers").EnumerateArray().ToList();
            listed.Select(answer => answer.GetProperty("document").GetString()).Distinct().Should().BeEquivalentTo(names);
            listed.Select(answer => answer.GetProperty("score").GetDouble()).Should().BeInDescendingOrder();
            foreach (var answer in listed)
            {
                var text = File.ReadAllText(Path.Combine(At("docs"), answer.GetProperty("document").GetString()!));
                var (start, end) = (answer.GetProperty("start_utf16").GetInt32(), answer.GetProperty("end_utf16").GetInt32());
                text[start..end].Should().Be(answer.GetProperty("text").GetString());
            }
        }
        (
            await Predict(
                "--questions",
                At("questions.txt"),
                "--contexts",
                At("docs"),
                "--output",
                At("o"),
                "--resume",
                "--top-k",
                "8",
                "--always-answer"
            )
        )
            .Error.Should()
            .Contain("is finished and whole");
    }

    [Theory]
    [InlineData(2, "*give --data, or --questions*", "--output", "o")]
    [InlineData(2, "*--output is missing*", "--data", "rows.jsonl")]
    [InlineData(2, "*go together*", "--questions", "q", "--output", "o")]
    [InlineData(2, "*--shard is 3/3, expected i/n*", "--data", "rows.jsonl", "--output", "o", "--shard", "3/3")]
    [InlineData(2, "*--shard is x, expected i/n*", "--data", "rows.jsonl", "--output", "o", "--shard", "x")]
    [InlineData(
        2,
        "*--decoder is best, expected calibrated, squad or pipeline*",
        "--data",
        "rows.jsonl",
        "--output",
        "o",
        "--decoder",
        "best"
    )]
    [InlineData(2, "*--null-threshold is 1,5, expected a number*", "--data", "rows.jsonl", "--output", "o", "--null-threshold", "1,5")]
    [InlineData(
        2,
        "*--null-threshold has no meaning*",
        "--data",
        "rows.jsonl",
        "--output",
        "o",
        "--decoder",
        "pipeline",
        "--null-threshold",
        "1"
    )]
    [InlineData(
        2,
        "*--n-best-size is the squad decoder's*",
        "--data",
        "rows.jsonl",
        "--output",
        "o",
        "--decoder",
        "pipeline",
        "--n-best-size",
        "1"
    )]
    [InlineData(2, "*exclude each other*", "--data", "rows.jsonl", "--output", "o", "--resume", "--overwrite")]
    [InlineData(2, "*--shard needs files*", "--data", "-", "--output", "o", "--shard", "0/2")]
    [InlineData(2, "*--resume needs a file as --data*", "--data", "-", "--output", "o", "--resume")]
    [InlineData(2, "*--format squad writes several files*", "--data", "-", "--output", "-", "--format", "squad")]
    [InlineData(1, "*none.jsonl: there is no such file*", "--data", "none.jsonl", "--output", "o")]
    [InlineData(1, "*there is no folder*", "--data", "rows.jsonl", "--output", "no/o")]
    public async Task Wrong_options_are_told_before_any_work(int exitCode, string message, params string[] arguments)
    {
        Data(1);
        string[] placed = [.. arguments.Select(a => a is "o" or "no/o" or "rows.jsonl" or "none.jsonl" or "q" ? At(a) : a)];

        (await Predict(placed)).ShouldFail(exitCode, message);

        Directory.GetFiles(folder).Should().ContainSingle();
    }
}
