using System.Text.Json;
using XDistilTorch.Cli;

namespace XDistilTorch.Parity.Commands;

/// <summary><c>xdistil ask</c> as a user meets it.</summary>
public class AskCommandTests
{
    private const string Clock = "The clock in the square had been silent for a year until Marit Osei repaired it in spring.";

    private static readonly string[] WhoRepaired = ["ask", "--question", "Who repaired the clock?"];

    private static string[] Ask(params string[] more) => CommandRun.WithModel([.. WhoRepaired, .. more]);

    [Fact]
    public async Task Prints_the_answer_its_sentence_its_place_and_how_sure_it_is()
    {
        var run = await CommandRun.Of(Ask("--context", Clock));

        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().BeEmpty();
        run.Lines.Should().HaveCount(3);
        run.Lines[0].Should().Be("Marit Osei");
        run.Lines[1].Should().Be("  " + Clock.Replace("Marit Osei", "[Marit Osei]", StringComparison.Ordinal));
        run.Lines[2].Should().MatchRegex(@"^  line 1, score \d+\.\d{3}, probability 0\.\d{3}$");
    }

    [Fact]
    public async Task Json_is_one_answer_record_a_question_with_places_that_are_slices()
    {
        var text = "🍵 " + Clock;
        var run = await CommandRun.Of(Ask("--question", "Where is the clock?", "--context", text, "--top-k", "3", "--json"));

        run.ExitCode.Should().Be(0, run.Error);
        run.Lines.Should().HaveCount(2);
        foreach (var line in run.Lines)
        {
            using var json = JsonDocument.Parse(line);
            var record = json.RootElement;
            record
                .EnumerateObject()
                .Select(p => p.Name)
                .Should()
                .Equal(
                    "id",
                    "question",
                    "answer",
                    "score",
                    "probability",
                    "start",
                    "end",
                    "start_utf16",
                    "end_utf16",
                    "sentence",
                    "null_score",
                    "decoder",
                    "answers"
                );
            var answer = record.GetProperty("answer").GetString();
            text[record.GetProperty("start_utf16").GetInt32()..record.GetProperty("end_utf16").GetInt32()].Should().Be(answer);
            (record.GetProperty("start_utf16").GetInt32() - record.GetProperty("start").GetInt32()).Should().Be(1); // the cup counts one, not two
            record.GetProperty("answers").GetArrayLength().Should().Be(3);
            record.GetProperty("answers")[0].GetProperty("text").GetString().Should().Be(answer);
        }
    }

    [Fact]
    public async Task A_text_without_the_answer_is_said_to_have_none()
    {
        var run = await CommandRun.Of(
            CommandRun.WithModel(
                "ask",
                "--question",
                "Which team won the cup?",
                "--context",
                "The harbour froze early that winter, so the boats stayed ashore."
            )
        );

        run.ExitCode.Should().Be(0, run.Error);
        run.Lines[0].Should().Be("No answer in this text.");
    }

    [Fact]
    public async Task Always_answer_gives_one_all_the_same()
    {
        string[] arguments =
        [
            "ask",
            "--question",
            "Which team won the cup?",
            "--context",
            "The harbour froze early that winter, so the boats stayed ashore.",
        ];

        var run = await CommandRun.Of(CommandRun.WithModel([.. arguments, "--always-answer", "--json"]));

        using var json = JsonDocument.Parse(run.Output);
        json.RootElement.GetProperty("answer").GetString().Should().NotBeEmpty();
        json.RootElement.GetProperty("null_score").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task The_threshold_moves_between_answer_and_none()
    {
        foreach (var (threshold, has) in new[] { ("-100", false), ("100", true) })
        {
            var run = await CommandRun.Of(Ask("--context", Clock, "--null-threshold", threshold, "--json"));

            using var json = JsonDocument.Parse(run.Output);
            (json.RootElement.GetProperty("answer").GetString() != "").Should().Be(has);
            json.RootElement.GetProperty("answers")[0].GetProperty("text").GetString().Should().Be("Marit Osei");
        }
    }

    [Fact]
    public async Task Text_comes_from_standard_input_too_and_pages_are_counted_by_form_feeds()
    {
        var text = "First page.\f\nSecond page.\n" + Clock;

        var run = await CommandRun.WithInput(CommandRun.Utf8(text), Ask());

        run.ExitCode.Should().Be(0, run.Error);
        run.Lines[0].Should().Be("Marit Osei");
        run.Lines[2].Should().StartWith("  page 2, line 3, score");
    }

    [Fact]
    public async Task On_a_terminal_it_converses()
    {
        var typed = CommandRun.Utf8($"{Clock}\n\nWho repaired the clock?\n/text\nThe sea was calm that day.\n\nHow was the sea?\n\n");

        var run = await CommandRun.WithInput(typed, keyboard: true, CommandRun.WithModel("ask"));

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().Contain("\nMarit Osei\n").And.Contain("\ncalm");
    }

    [Fact]
    public async Task Long_texts_are_cut_into_windows()
    {
        var filler = string.Concat(Enumerable.Range(0, 400).Select(i => $"Keeper {i} of the lamp noted a quiet night. "));

        var run = await CommandRun.Of(Ask("--context", filler + Clock + " " + filler, "--json", "--max-length", "128", "--stride", "32"));

        using var json = JsonDocument.Parse(run.Output);
        json.RootElement.GetProperty("answer").GetString().Should().Be("Marit Osei");
        json.RootElement.GetProperty("answers")[0].GetProperty("window").GetInt32().Should().BeGreaterThan(10);
        json.RootElement.GetProperty("sentence").GetString().Should().Be(Clock);
    }

    [Fact]
    public async Task Brackets_and_control_characters_of_a_text_do_not_reach_the_terminal_as_such()
    {
        var run = await CommandRun.Of(Ask("--context", Clock.Replace("Marit", "\u001b[31m[red]Marit", StringComparison.Ordinal)));

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().NotContain("\u001b").And.Contain("[red]");
    }

    [Theory]
    [InlineData(2, "*--context and --context-file exclude*", "--context", "a", "--context-file", "b")]
    [InlineData(2, "*text is missing*--context-file*")]
    [InlineData(2, "*--top-k is 0, expected 1 or more*", "--context", "a", "--top-k", "0")]
    [InlineData(2, "*many*", "--context", "a", "--top-k", "many")]
    [InlineData(2, "*--context is followed by --json, expected its value*", "--context", "--json")]
    [InlineData(1, "*.: is a folder*", "--context-file", ".")]
    [InlineData(2, "*--nonsense*", "--context", "a", "--nonsense")]
    [InlineData(1, "*1000 tokens*positions for 512*", "--context", "a", "--max-length", "1000")]
    [InlineData(2, "*--stride is 500, expected at most 382*", "--context", "a", "--stride", "500")]
    [InlineData(2, "*--null-threshold is 1,5, expected a number*", "--context", "a", "--null-threshold", "1,5")]
    [InlineData(2, "*--null-threshold is inf*", "--context", "a", "--null-threshold", "inf")]
    [InlineData(2, "*--null-threshold is NaN*", "--context", "a", "--null-threshold", "NaN")]
    [InlineData(2, "*--context-file is empty*", "--context-file", "")]
    [InlineData(2, "*--device is empty*", "--context", "a", "--device", "")]
    [InlineData(1, "*question 2 of 2: the question is blank*", "--context", "a", "--question", " ")]
    [InlineData(1, "*the text is blank (--context)*", "--context", " \n")]
    [InlineData(1, "*nowhere.txt: cannot be read*", "--context-file", "nowhere.txt")]
    [InlineData(1, "*device 'cuda'*TorchBackend=cuda*", "--context", "a", "--device", "cuda")]
    [InlineData(1, "*device 'gpu' is unknown*", "--context", "a", "--device", "gpu")]
    public async Task Wrong_usage_and_bad_input_get_one_clear_error(int exitCode, string message, params string[] arguments) =>
        (await CommandRun.Of(Ask(arguments))).ShouldFail(exitCode, message);

    [Fact]
    public async Task A_blank_question_is_refused() =>
        (await CommandRun.Of(CommandRun.WithModel("ask", "--question", "  ", "--context", Clock))).ShouldFail(1, "*question is blank*");

    [Fact]
    public async Task A_question_longer_than_the_window_says_how_long_it_is_and_may_be()
    {
        var question = string.Join(' ', Enumerable.Repeat("why", 400)) + "?";

        (await CommandRun.Of(CommandRun.WithModel("ask", "--question", question, "--context", Clock))).ShouldFail(
            1,
            "*401 tokens*may have 252*"
        );
    }

    [Fact]
    public async Task Invalid_UTF8_is_named_with_its_place()
    {
        var run = await CommandRun.WithInput([0x61, 0x62, 0xE9, 0x63], Ask());

        run.ShouldFail(1, "*standard input: byte 2 (0xe9) is not UTF-8*");
    }

    [Fact]
    public async Task Without_a_question_and_a_keyboard_the_question_is_missing() =>
        (await CommandRun.WithInput(CommandRun.Utf8(Clock), CommandRun.WithModel("ask"))).ShouldFail(2, "*--question is missing*--help*");

    [Fact]
    public async Task Help_shows_examples()
    {
        var run = await CommandRun.Of("ask", "--help");

        run.ExitCode.Should().Be(0);
        run.Output.Should().Contain("--null-threshold").And.Contain("Examples:").And.Contain("xdistil ask --question");
    }

    [Fact]
    public async Task A_cancelled_command_ends_as_interrupted()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(Stream.Null, false, output, Terminal.PrettyOver(output, true), error);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        var exitCode = await new CommandLine(terminal).RunAsync(Ask("--context", Clock), cancelled.Token);

        exitCode.Should().Be(130);
        output.ToString().Should().BeEmpty();
    }
}
