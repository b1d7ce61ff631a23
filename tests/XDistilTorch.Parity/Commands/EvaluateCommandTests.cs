using System.Text.Json;
using XDistilTorch.Testing;

namespace XDistilTorch.Parity.Commands;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-evaluate-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Golden(string name) => GoldenFolder.Require($"text/metrics/{name}");

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static JsonElement Parsed(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static async Task<JsonElement> Json(params string[] arguments)
    {
        var run = await CommandRun.Of(["evaluate", "--json", .. arguments]);
        run.ExitCode.Should().Be(0, run.Error);
        run.Lines.Should().HaveCount(1);
        return Parsed(run.Output);
    }

    [Theory]
    [InlineData("no_scores")]
    [InlineData("na_probs", "--na-probs", "na_probs.json")]
    [InlineData("na_probs_threshold_0.5", "--na-probs", "na_probs.json", "--na-prob-thresh", "0.5")]
    [InlineData("na_probs_tied", "--na-probs", "na_probs_tied.json")]
    [InlineData("na_probs_tied_reversed", "--na-probs", "na_probs_tied_reversed.json")]
    [InlineData("null_odds_threshold_1.0", "--na-probs", "null_odds.json")]
    [InlineData("null_odds_threshold_0.0", "--na-probs", "null_odds.json", "--na-prob-thresh", "0")]
    public async Task Figures_of_2_0_are_the_official_ones(string golden, params string[] scores)
    {
        string[] options = [.. scores.Select(option => option.EndsWith(".json", StringComparison.Ordinal) ? Golden(option) : option)];

        var json = await Json(["--data", Golden("dataset.json"), "--predictions", Golden("predictions.json"), .. options]);

        ShouldHave(json, Expected("v2.0", golden));
        json.GetProperty("version").GetString().Should().Be("2.0");
    }

    [Fact]
    public async Task Figures_of_the_present_ones_are_given_when_some_may_be_missing()
    {
        string[] arguments = ["--data", Golden("dataset.json"), "--predictions", Golden("predictions_missing.json")];

        (await CommandRun.Of(["evaluate", "--json", .. arguments])).ShouldFail(
            1,
            "xdistil: *predictions_missing.json: 12 of 250 questions have no prediction ('s0014', 's0019', *, ...)*--allow-missing*\n"
        );
        var json = await Json([.. arguments, "--allow-missing"]);

        ShouldHave(json, Expected("v2.0", "missing"));
        (json.GetProperty("missing").GetInt32(), json.GetProperty("surplus").GetInt32(), json.GetProperty("duplicates").GetInt32())
            .Should()
            .Be((12, 2, 0));
    }

    [Fact]
    public async Task Figures_of_1_1_are_the_official_ones_and_a_missing_prediction_counts_0()
    {
        var json = await Json("--data", Golden("dataset_v1.1.json"), "--predictions", Golden("predictions_v1.1.json"));

        ShouldHave(json, Expected("v1.1"));
        json.GetProperty("version").GetString().Should().Be("1.1");
        json.GetProperty("missing").GetInt32().Should().Be(6);
    }

    [Fact]
    public async Task People_get_tables_and_the_page_that_they_ask_for()
    {
        var page = Path.Combine(folder, "report.html");
        string[] arguments =
        [
            "evaluate",
            "--data",
            Golden("dataset.json"),
            "--predictions",
            Golden("predictions.json"),
            "--na-probs",
            Golden("na_probs.json"),
            "--compare",
            Golden("predictions.json"),
            "--report",
            page,
        ];

        var run = await CommandRun.Of(arguments);

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should()
            .Contain("250 questions, SQuAD 2.0")
            .And.Contain("95 % interval")
            .And.Contain("best F1")
            .And.Contain("question word");
        run.Output.Should().Contain("McNemar").And.Contain("worst errors").And.Contain("expected: ");
        new FileInfo(page).Length.Should().BeInRange(50_000, 3_000_000);
        (await CommandRun.Of(arguments)).ShouldFail(1, "xdistil: *report.html: is there already*--overwrite*\n");
        (await CommandRun.Of([.. arguments, "--overwrite"])).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task A_report_that_cannot_be_written_is_told_before_anything_is_read() =>
        (
            await CommandRun.Of(
                "evaluate",
                "--data",
                "none.json",
                "--predictions",
                "none.json",
                "--report",
                Path.Combine(folder, "none", "r.html")
            )
        ).ShouldFail(1, "xdistil: *r.html: cannot be written: *\n");

    [Fact]
    public async Task A_failed_evaluation_leaves_no_report()
    {
        await CommandRun.Of(
            "evaluate",
            "--data",
            Write("d.json", "{"),
            "--predictions",
            "p.json",
            "--report",
            Path.Combine(folder, "r.html")
        );

        Directory.GetFiles(folder).Select(Path.GetFileName).Should().Equal("d.json");
    }

    [Fact]
    public async Task Answer_records_give_calibration_and_repeated_and_failed_ones_are_said()
    {
        var data = Write(
            "d.jsonl",
            """
            {"id":"q1","question":"Who?","context":"Anna.","answers":{"text":["Anna"],"answer_start":[0]}}
            {"id":"q2","question":"When?","context":"Anna.","answers":{"text":[],"answer_start":[]}}
            {"id":"q3","question":"Why?","context":"Anna.","answers":{"text":[],"answer_start":[]}}
            """
        );
        var records = Write(
            "p.jsonl",
            """
            {"id":"q1","answer":"no","answers":[]}
            {"id":"q1","question":"Who?","answer":"Anna","score":3,"probability":0.75,"null_score":1,"decoder":"squad","answers":[{"text":"Anna","score":3}]}
            {"id":"q2","question":"When?","answer":"","score":2,"probability":0.5,"null_score":2,"decoder":"squad","answers":[{"text":"Anna","score":1}]}
            {"id":"q3","line":3,"error":{"code":"x","message":"y"}}
            """
        );

        (await CommandRun.Of("evaluate", "--data", data, "--predictions", records)).ShouldFail(
            1,
            "*1 of 3 questions have no prediction ('q3')*error*: 1.*"
        );
        var json = await Json("--data", data, "--predictions", records, "--allow-missing");

        json.GetProperty("exact").GetDouble().Should().Be(100);
        json.GetProperty("best_exact_thresh").GetDouble().Should().Be(-2);
        json.GetProperty("calibration").GetProperty("total").GetInt32().Should().Be(2);
        (json.GetProperty("missing").GetInt32(), json.GetProperty("duplicates").GetInt32(), json.GetProperty("failed").GetInt32())
            .Should()
            .Be((1, 1, 1));
        var said = await CommandRun.Of("evaluate", "--data", data, "--predictions", records, "--allow-missing");
        said.Error.Should().Contain("repeat an id: 1 ('q1')").And.Contain("tell of an error: 1");
        said.Output.Should().Contain("calibration error (ECE)");
    }

    [Fact]
    public async Task Predictions_of_another_data_set_are_one_clear_error() =>
        (
            await CommandRun.Of(
                "evaluate",
                "--data",
                Golden("dataset.json"),
                "--predictions",
                Write("p.json", "{\"x\": \"\"}"),
                "--allow-missing"
            )
        ).ShouldFail(1, "xdistil: *p.json: none of the 250 questions has a prediction (there are 1, for other ids)*\n");

    [Theory]
    [InlineData("{\"s0001\": ", "*p.json: line 1, byte *: is not valid JSON*")]
    [InlineData("[]", "*p.json: holds an array, expected*")]
    [InlineData("{\"s0001\": 1}", "*p.json: the prediction for 's0001' is a number*")]
    public async Task Corrupt_predictions_are_told(string text, string message) =>
        (await CommandRun.Of("evaluate", "--data", Golden("dataset.json"), "--predictions", Write("p.json", text))).ShouldFail(1, message);

    [Fact]
    public async Task Corrupt_scores_are_told() =>
        (
            await CommandRun.Of(
                "evaluate",
                "--data",
                Golden("dataset.json"),
                "--predictions",
                Golden("predictions.json"),
                "--na-probs",
                Write("n.json", "{\"s0001\": \"0.5\"}")
            )
        ).ShouldFail(1, "*n.json: the score of 's0001' is a string, expected a number.\n");

    [Theory]
    [InlineData("*--data*required*")]
    [InlineData("*--na-probs needs --predictions*", "--data", "d.json", "--na-probs", "n.json")]
    [InlineData("*--decoder and --predictions exclude each other*", "--data", "d.json", "--predictions", "p.json", "--decoder", "squad")]
    [InlineData("*--model and --predictions exclude each other*", "--data", "d.json", "--predictions", "p.json", "--model", "m")]
    [InlineData("*--overwrite needs --report*", "--data", "d.json", "--predictions", "p.json", "--overwrite")]
    [InlineData("*--version is 3, expected 1.1, 2.0 or auto*", "--data", "d.json", "--version", "3")]
    [InlineData("*--na-prob-thresh is 0,5, expected a number*", "--data", "d.json", "--predictions", "p.json", "--na-prob-thresh", "0,5")]
    [InlineData("*--report is empty*", "--data", "d.json", "--report", "")]
    public async Task Wrong_usage_is_told(string message, params string[] arguments) =>
        (await CommandRun.Of(["evaluate", .. arguments])).ShouldFail(2, message);

    [Fact]
    public async Task A_model_is_asked_where_there_are_no_predictions()
    {
        var data = Write(
            "d.jsonl",
            """
            {"id":"q1","question":"Who repaired the clock?","context":"The clock was repaired by Marit Osei in spring.","answers":{"text":["Marit Osei"],"answer_start":[26]}}
            {"id":"q2","question":"Who stole the ship?","context":"The clock was repaired by Marit Osei in spring.","answers":{"text":[],"answer_start":[]}}
            """
        );

        var json = await Json(["--data", data, "--model", BundledModel.Folder]);

        json.GetProperty("exact").GetDouble().Should().Be(100);
        json.GetProperty("HasAns_total").GetInt32().Should().Be(1);
        json.GetProperty("pr_oracle_ap").GetDouble().Should().Be(100, "null odds are known");
        json.GetProperty("calibration").GetProperty("total").GetInt32().Should().Be(2);
        json.GetProperty("breakdowns").GetProperty("windows")[0].GetProperty("total").GetInt32().Should().Be(2);
    }

    [Fact]
    public async Task A_reader_that_leaves_ends_it_quietly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a shell");
        var command = $"'{BuiltTool.Path}' evaluate --data '{Golden("dataset.json")}' --predictions '{Golden("predictions.json")}'";

        var run = await ProcessRun.Of("bash", ["-c", $"{command} | true; echo ${{PIPESTATUS[0]}}"]);

        run.Output.Trim().Should().BeOneOf("141", "0");
        run.Error.Should().BeEmpty();
    }

    private static JsonElement Expected(params string[] path)
    {
        var at = Parsed(File.ReadAllText(Golden("expected.json")));
        foreach (var name in path)
            at = at.GetProperty(name);
        return at;
    }

    private static void ShouldHave(JsonElement json, JsonElement expected)
    {
        foreach (var figure in expected.EnumerateObject().Where(figure => figure.Value.ValueKind == JsonValueKind.Number))
        {
            json.TryGetProperty(figure.Name, out var found).Should().BeTrue(figure.Name);
            found.GetDouble().Should().BeApproximately(figure.Value.GetDouble(), 1e-9, figure.Name);
        }
    }
}
