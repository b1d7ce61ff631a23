using System.Text.Json;
using XDistilTorch.Decoding;

namespace XDistilTorch.Parity.Commands;

/// <summary><c>xdistil model calibrate</c> with the bundled model and a few questions about invented texts.</summary>
public sealed class ModelCalibrateCommandTests : IDisposable
{
    private static readonly (string Title, string Context, (string Question, string? Answer)[] Asked)[] Texts =
    [
        (
            "Bridge",
            "The rope bridge at Anvik was built in 1921 by the carpenter Ola Brekke. It is 84 metres long and sways in every wind.",
            [
                ("Who built the rope bridge?", "Ola Brekke"),
                ("When was the bridge built?", "1921"),
                ("How long is the bridge?", "84 metres long"), // the model says "84 metres": something has to be wrong
                ("Who owns the bridge today?", null),
            ]
        ),
        (
            "Bakery",
            "Rosa Lind opened the bakery on Mill Street with two ovens. On Fridays she sold almond bread, and people queued to the river.",
            [
                ("Who opened the bakery?", "Rosa Lind"),
                ("What did she sell on Fridays?", "bread"), // likewise
                ("When did the bakery close?", null),
                ("How many ovens did the bakery have?", "two"),
            ]
        ),
        (
            "Choir",
            "The choir of Tarnby has forty singers. Its conductor, Juno Hale, writes a new song every spring, and the oldest singer is ninety.",
            [
                ("Who is the conductor of the choir?", "Juno Hale"),
                ("How many singers has the choir?", "forty"),
                ("Where does the choir rehearse?", null),
                ("What does Juno Hale write every spring?", "song"), // likewise
            ]
        ),
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-calibrate-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string File(string name, params IEnumerable<object> rows)
    {
        var path = Path.Combine(folder, name);
        System.IO.File.WriteAllLines(path, rows.Select(row => JsonSerializer.Serialize(row)));
        return path;
    }

    private static IEnumerable<object> Rows(bool withAnswers = true) =>
        from text in Texts
        from asked in text.Asked
        let id = asked.Question
        let at = asked.Answer is null ? -1 : text.Context.IndexOf(asked.Answer, StringComparison.Ordinal)
        let answers = new { text = at < 0 ? Array.Empty<string>() : [asked.Answer!], answer_start = at < 0 ? Array.Empty<int>() : [at] }
        select withAnswers
            ? (object)
                new
                {
                    id,
                    title = text.Title,
                    question = asked.Question,
                    context = text.Context,
                    answers,
                }
            : new
            {
                id,
                title = text.Title,
                question = asked.Question,
                context = text.Context,
            };

    private string Output => Path.Combine(folder, "calibration.json");

    private static Task<CommandRun> Calibrate(params string[] arguments) =>
        CommandRun.Of(
            CommandRun.WithModel([
                "model",
                "calibrate",
                "--one-temperature",
                "--report-questions",
                "3",
                "--report-windows",
                "1,2",
                .. arguments,
            ])
        );

    [Fact]
    public async Task Writes_a_calibration_and_reports_on_all_parts()
    {
        var data = File("data.jsonl", Rows());

        var run = await Calibrate("--data", data, "--output", Output, "--json");

        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().Contain($"{Output}: written.");
        var report = JsonDocument.Parse(run.Output).RootElement;
        var written = CalibrationFile.Read(Output);
        report.GetProperty("calibration").GetProperty("temperature").GetDouble().Should().Be(written.Temperature).And.BePositive();
        (written.Questions, written.MaxLength, written.Stride, written.MaxAnswerLength).Should().Be((12, 384, 128, 30));
        written.EceAfter.Should().Be(report.GetProperty("fitted").GetProperty("after").GetProperty("ece").GetDouble());
        written.F1After.Should().BeGreaterThanOrEqualTo(written.F1Before, "no other threshold is better on the questions fitted on");
        report.GetProperty("tested").ValueKind.Should().Be(JsonValueKind.Null);
        var joined = report.GetProperty("joined").EnumerateArray().Select(part => part.GetProperty("windows").GetInt32());
        joined.Should().Equal(1, 2);
        Directory.GetFiles(folder).Should().HaveCount(2, "no temporary file stays");
    }

    [Fact]
    public async Task A_dry_run_prints_a_table_and_writes_nothing()
    {
        var run = await Calibrate("--data", File("data.jsonl", Rows()), "--test-data", File("test.jsonl", Rows().Skip(1)), "--dry-run");

        run.ExitCode.Should().Be(0, run.Error);
        run.Lines[0]
            .Should()
            .MatchRegex(
                @"^temperature \d+\.\d{3}, null threshold -?\d+\.\d{3} \(12 questions, windows of 384 tokens sharing 128, answers up to 30\)$"
            );
        run.Output.Should().Contain("fitted on").And.Contain("set apart").And.Contain("over 2 windows");
        run.Error.Should().Contain("nothing was written");
        Directory.GetFiles(folder).Should().HaveCount(2);
    }

    [Fact]
    public async Task What_is_there_is_replaced_only_when_asked_and_stays_when_fitting_fails()
    {
        System.IO.File.WriteAllText(Output, "mine");
        var data = File("data.jsonl", Rows());
        var oneKind = File("answered.jsonl", Rows().Where((_, i) => Texts[i / 4].Asked[i % 4].Answer is not null));

        (await Calibrate("--data", data, "--output", Output)).ShouldFail(1, "*calibration.json: is there already*--overwrite*");
        (await Calibrate("--data", oneKind, "--output", Output, "--overwrite")).ShouldFail(
            1,
            "*none of the 9 questions is without an answer*"
        );
        System.IO.File.ReadAllText(Output).Should().Be("mine");
        (await Calibrate("--data", data, "--output", Output, "--overwrite")).ExitCode.Should().Be(0);
        CalibrationFile.Read(Output).Questions.Should().Be(12);
    }

    [Fact]
    public async Task Questions_without_answers_are_named()
    {
        var data = File("data.jsonl", Rows(withAnswers: false));

        (await Calibrate("--data", data, "--dry-run")).ShouldFail(
            1,
            "*12 of 12 questions have no \"answers\", the first is \"Who built the rope bridge?\" (line 1)*"
        );
    }

    [Theory]
    [InlineData(2, "*'--data' is required*")]
    [InlineData(1, "*nowhere.json: there is no such file*", "--data", "nowhere.json")]
    [InlineData(2, "*--test-data and --test-share exclude*", "--data", "x", "--test-data", "y", "--test-share", "0.5")]
    [InlineData(2, "*--test-share is 1, expected more than 0 and less than 1*", "--data", "x", "--test-share", "1")]
    [InlineData(2, "*--test-share is half, expected a number*", "--data", "x", "--test-share", "half")]
    [InlineData(2, "*--dry-run writes nothing*", "--data", "x", "--dry-run", "--overwrite")]
    [InlineData(2, "*--report-windows is 1,many, expected numbers*", "--data", "x", "--report-windows", "1,many")]
    [InlineData(2, "*--report-windows is 0, expected numbers*", "--data", "x", "--report-windows", "0")]
    [InlineData(2, "*--report-questions is -1, expected 0 or more*", "--data", "x", "--report-questions", "-1")]
    [InlineData(2, "*--data is empty*", "--data", "")]
    public async Task Wrong_usage_gets_one_clear_error(int exitCode, string message, params string[] arguments) =>
        (await CommandRun.Of(CommandRun.WithModel(["model", "calibrate", .. arguments]))).ShouldFail(exitCode, message);

    [Fact]
    public async Task An_output_that_cannot_be_written_is_refused_before_the_work()
    {
        var data = File("data.jsonl", Rows());

        (await Calibrate("--data", data, "--output", folder)).ShouldFail(1, "*is a folder*");
        (await Calibrate("--data", data, "--output", Path.Combine(folder, "none", "c.json"))).ShouldFail(1, "*c.json: cannot be written*");
    }
}
