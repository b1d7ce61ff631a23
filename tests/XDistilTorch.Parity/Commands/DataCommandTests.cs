using System.Text.Json;

namespace XDistilTorch.Parity.Commands;

/// <summary><c>xdistil data check|convert|split</c> as a user meets them.</summary>
public sealed class DataCommandTests : IDisposable
{
    private const string Good = """
        {"id":"1","title":"tea","context":"Ada drinks tea. Bo drinks milk.","question":"Who drinks tea?","answers":{"text":["Ada"],"answer_start":[0]}}
        {"id":"2","title":"tea","context":"Ada drinks tea. Bo drinks milk.","question":"Who drinks gin?","answers":{"text":[],"answer_start":[]}}
        {"id":"3","title":"ink","context":"Cy writes; Cy reads.","question":"Who writes?","answers":{"text":["Cy"],"answer_start":[0]}}

        """;

    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-commands-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(string name) => Path.Combine(folder, name);

    private string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    private static async Task<CommandRun> Data(params string[] arguments) => await CommandRun.Of(["data", .. arguments]);

    [Fact]
    public async Task A_good_file_is_good_for_everything()
    {
        var run = await Data("check", Write("a.jsonl", Good));

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().Be($"{At("a.jsonl")}: 3 questions, 0 problems\n  predicting and evaluating: yes\n  training: yes\n");
    }

    [Fact]
    public async Task Every_problem_is_listed_with_its_place_and_remedy()
    {
        var rows = """
            id,question,context,answer,answer_start
            1,Who?,Ada and Bo,Bo,7
            2,Who?,Ada and Ada,Ada,1
            2,Who?,,,
            """;

        var run = await CommandRun.WithInput(CommandRun.Utf8(rows), "data", "check", "-");

        run.ExitCode.Should().Be(1);
        run.Lines.Should().HaveCount(7, run.Output);
        run.Lines[0].Should().Match("warning: line 2, $.answer_start: *at 8 only*[answer-not-there]");
        run.Lines[1].Should().Match("error when training: line 3, $.answer_start: *0, 8*");
        run.Lines[2].Should().StartWith("error: line 4, $.context:");
        run.Lines[3].Should().StartWith("error: line 4, $.id:");
        run.Lines[^3].Should().Be("standard input: 2 questions, 4 problems");
        run.Lines[^2].Should().Be("  predicting and evaluating: no, refused");
    }

    [Fact]
    public async Task Json_is_one_object_with_every_problem()
    {
        var run = await Data("check", "--json", Write("a.jsonl", Good.Replace("[0]}}", "[1]}}", StringComparison.Ordinal)));

        run.ExitCode.Should().Be(1);
        var report = JsonDocument.Parse(run.Lines.Should().ContainSingle().Subject).RootElement;
        report.GetProperty("questions").GetInt32().Should().Be(3);
        report.GetProperty("evaluate").GetString().Should().Be("warn");
        report.GetProperty("train").GetString().Should().Be("refuse");
        report.GetProperty("counts").GetProperty("answer-not-there").GetInt32().Should().Be(2);
        var fault = report.GetProperty("faults")[1];
        (fault.GetProperty("line").GetInt32(), fault.GetProperty("path").GetString()).Should().Be((3, "$.answers.answer_start[0]"));
        fault.GetProperty("text_found_at").GetArrayLength().Should().Be(2);
        fault.TryGetProperty("row", out _).Should().BeFalse("what does not apply is left out");
    }

    [Fact]
    public async Task Every_format_goes_into_every_other_and_back()
    {
        var from = Write("a.jsonl", Good);
        foreach (var name in (string[])["b.json", "c.parquet", "d.csv.zst", "e.tsv.gz", "f.jsonl"])
        {
            (await Data("convert", from, At(name))).ExitCode.Should().Be(0);
            from = At(name);
        }

        File.ReadAllText(At("f.jsonl")).Should().Be(Good);
        Directory.GetFiles(folder).Should().HaveCount(6);
    }

    [Fact]
    public async Task Standard_input_and_output_are_files_too()
    {
        var csv = await CommandRun.WithInput(CommandRun.Utf8(Good), "data", "convert", "-", "-", "--to", "csv");
        csv.Lines[0].Should().Be("id,title,context,question,answers,is_impossible");

        var back = await CommandRun.WithInput(CommandRun.Utf8(csv.Output), "data", "convert", "-", "-", "--to", "jsonl");

        (back.Output, back.Error).Should().Be((Good, ""));
    }

    [Fact]
    public async Task A_refused_file_leaves_nothing_and_names_all_its_faults()
    {
        var bad = Write("bad.csv", "id,question,context\n1,Who?,\n2,Who?\n");

        var run = await Data("convert", bad, At("out.parquet"));

        run.ShouldFail(1, "*2 faults forbid*line 2, $.context*line 3*");
        Directory.GetFiles(folder).Should().ContainSingle();
        (await CommandRun.WithInput(File.ReadAllBytes(bad), "data", "convert", "-", "-", "--to", "jsonl")).ShouldFail(1, "*2 faults*");
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_on_request_only()
    {
        var (from, to) = (Write("a.jsonl", Good), Write("b.csv", "mine"));

        (await Data("convert", from, to)).ShouldFail(1, "*b.csv: is there already*--overwrite*");
        File.ReadAllText(to).Should().Be("mine");
        (await Data("convert", from, folder)).ShouldFail(2, "*tells no format*");
        (await Data("convert", from, to, "--overwrite")).ExitCode.Should().Be(0);
        File.ReadAllText(to).Should().StartWith("id,title");
    }

    [Fact]
    public async Task Fields_that_are_not_carried_over_are_named()
    {
        var from = Write("a.jsonl", Good.Replace("\"title\"", "\"source\":\"me\",\"title\"", StringComparison.Ordinal));

        var run = await Data("convert", from, At("b.parquet"));

        run.Error.Should().Be($"xdistil: {from}: fields that are not carried over: source\n");
    }

    [Fact]
    public async Task Missing_starts_are_filled_in_where_that_is_certain()
    {
        var from = Write("a.csv", "id,question,context,answer\n1,Who?,Ada and Bo,Bo\n2,Who?,Cy or Cy,Cy\n3,Who?,Ada,ada\n");

        (await Data("convert", from, At("b.jsonl"))).ShouldFail(1, "*answer_start*");
        var run = await Data("convert", from, At("b.jsonl"), "--locate-answers");

        run.ExitCode.Should().Be(1, "two answers are left");
        run.Error.Should()
            .Contain("line 3 (id \"2\"): the answer \"Cy\" stands at 0, 6")
            .And.Contain("other capitals")
            .And.EndWith("1 answer start filled in, 2 answers left without a start.\n");
        File.ReadAllText(At("b.jsonl")).Should().Contain("\"answer_start\":[8]");
    }

    [Theory]
    [InlineData("--dev 0.4 --seed 1", "2 questions, 1 context", "1 question, 1 context")]
    [InlineData("--dev 0.4 --by title --seed 1", "2 questions, 1 title", "1 question, 1 title")]
    [InlineData("--dev 0.34 --by row --seed 1", "2 questions", "1 question")]
    public async Task A_split_is_written_beside_the_file(string options, string train, string dev)
    {
        var run = await Data(["split", Write("a.jsonl", Good), .. options.Split(' ')]);

        run.ExitCode.Should().Be(0, run.Error);
        run.Lines.Should().BeEquivalentTo($"{At("a.train.jsonl")}: {train}", $"{At("a.dev.jsonl")}: {dev}");
        File.ReadAllLines(At("a.train.jsonl"))
            .Concat(File.ReadAllLines(At("a.dev.jsonl")))
            .Should()
            .BeEquivalentTo(File.ReadAllLines(At("a.jsonl")), "every row is in one of the two");
    }

    [Fact]
    public async Task A_split_by_titles_takes_those()
    {
        var (from, titles) = (Write("a.jsonl", Good), Write("titles.tsv", "ink\t1\n"));

        var run = await Data("split", from, "--titles", titles, "--train-output", At("t.json"), "--dev-output", At("d.csv"));

        run.Lines.Should().Equal($"{At("t.json")}: 2 questions, 1 title", $"{At("d.csv")}: 1 question, 1 title");
        (await Data("split", from, "--titles", titles, "--train-output", At("t.json"), "--dev-output", At("e.csv"))).ShouldFail(
            1,
            "*t.json: is there already*"
        );
        (await Data("split", from, "--titles", Write("other.tsv", "gin\n"))).ShouldFail(1, "*1 title not in*: gin*");
    }

    [Theory]
    [InlineData(2, "*either --dev or --titles*", "split", "a.jsonl")]
    [InlineData(2, "*either --dev or --titles*", "split", "a.jsonl", "--dev", "0.5", "--titles", "t")]
    [InlineData(2, "*--dev is 20*between 0 and 1*", "split", "a.jsonl", "--dev", "20")]
    [InlineData(2, "*FILE is -*", "split", "-", "--dev", "0.5")]
    [InlineData(2, "*FILE is -*--output*", "label", "-")]
    [InlineData(2, "*--port is 70000*", "label", "a.jsonl", "--port", "70000")]
    [InlineData(1, "*nowhere.csv: cannot be read*", "label", "nowhere.csv")]
    [InlineData(2, "*nothing is piped in*", "check", "-")]
    [InlineData(2, "*needs --to*", "convert", "a.jsonl", "-")]
    [InlineData(2, "*Parquet cannot go to standard output*", "convert", "a.jsonl", "-", "--to", "parquet")]
    [InlineData(2, "*tells no format*", "convert", "a.jsonl", "b.txt")]
    [InlineData(1, "*nowhere.csv: cannot be read*", "check", "nowhere.csv")]
    [InlineData(1, "*nowhere.csv: cannot be read*", "convert", "nowhere.csv", "x.json")]
    public async Task Wrong_usage_is_told(int exitCode, string message, params string[] arguments) =>
        (await Data(arguments)).ShouldFail(exitCode, message);

    [Fact]
    public async Task A_folder_that_is_not_there_is_told() =>
        (await Data("convert", Write("a.jsonl", Good), At("nowhere/b.csv"))).ShouldFail(
            1,
            "*b.csv: cannot be written: there is no folder*nowhere*"
        );
}
