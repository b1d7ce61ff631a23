using System.Text.Json;
using Spectre.Console;
using XDistilTorch.Cli;

namespace XDistilTorch.Parity.Commands;

/// <summary><c>xdistil inspect attribution</c> as a user meets it.</summary>
public class InspectAttributionCommandTests
{
    private const string Mill = "🍵 The mill by the weir stood still until Tove Lindqvist mended its wheel. The mill belongs to nobody.";

    private static string[] Attribution(params string[] more) =>
        CommandRun.WithModel(["inspect", "attribution", "--question", "Who mended the wheel?", "--context", Mill, .. more]);

    private static async Task<JsonElement> Json(params string[] more)
    {
        var run = await CommandRun.Of(Attribution([.. more, "--json"]));
        run.ExitCode.Should().Be(0, run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];

    [Fact]
    public async Task Prints_the_words_that_count_with_their_signs_and_the_completeness_error()
    {
        var run = await CommandRun.Of(Attribution("--baseline", "mask", "--top", "3"));

        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().BeEmpty();
        run.Lines[0].Should().MatchRegex("^score of \"Tove Lindqvist\": \\+\\d+\\.\\d{3}$");
        run.Lines[1].Should().MatchRegex(@"^integrated gradients at words, \d+ steps from \[MASK\]$");
        run.Lines.Skip(2).Take(3).Should().OnlyContain(line => line.Contains('+') || line.Contains('-'));
        run.Lines[5].Should().MatchRegex(@"completeness error 0\.\d{4}, 0\.\d+ %$");
        run.Lines[6].Should().StartWith("  Shows ");
        run.Lines.Should().HaveCount(7);
    }

    [Fact]
    public async Task All_methods_with_curves_and_agreement()
    {
        var json = await Json("--method", "all", "--curves", "--steps", "4");

        var methods = json.GetProperty("methods").EnumerateArray().ToList();
        methods
            .Select(method => method.GetProperty("method").GetString())
            .Should()
            .Equal("gradient x input", "integrated gradients", "occlusion", "direct attribution");
        json.GetProperty("agreement").GetArrayLength().Should().Be(6);
        var tokens = json.GetProperty("tokens").GetArrayLength();
        foreach (var method in methods)
        {
            Numbers(method.GetProperty("values")).Should().HaveCount(tokens).And.OnlyContain(value => double.IsFinite(value));
            Numbers(method.GetProperty("curves").GetProperty("deletion"))[0].Should().Be(1);
            Numbers(method.GetProperty("curves").GetProperty("insertion"))[^1].Should().Be(1);
            method.GetProperty("shows").GetString().Should().NotBeEmpty();
        }
        json.GetProperty("random_curves").GetProperty("deletion").GetArrayLength().Should().Be(11);
        var terms = methods[3].GetProperty("terms");
        terms.GetProperty("heads").GetArrayLength().Should().Be(12);
        Math.Abs(terms.GetProperty("error").GetDouble()).Should().BeLessThan(1e-3);
        methods[0].GetProperty("completeness_error").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task All_methods_are_printed_too()
    {
        var run = await CommandRun.Of(Attribution("--method", "all", "--curves", "--steps", "4"));

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should()
            .Contain("5 random orders")
            .And.Contain("Spearman")
            .And.Contain("strongest heads: ")
            .And.Contain("More --steps make it smaller");
        run.Lines.Count(line => line.StartsWith("  Shows ", StringComparison.Ordinal)).Should().Be(5, "each method, and agreement");
        run.Output.Should().Contain("Better: insertion larger, deletion smaller. Shows ");
    }

    [Fact]
    public async Task Json_has_places_that_are_slices_and_sums_that_are_the_score()
    {
        var json = await Json();

        json.GetProperty("answer").GetString().Should().Be("Tove Lindqvist");
        foreach (var token in json.GetProperty("tokens").EnumerateArray())
            if (token.GetProperty("group").GetString() is "context" or "answer")
            {
                int start = token.GetProperty("start_utf16").GetInt32(),
                    end = token.GetProperty("end_utf16").GetInt32();
                var piece = token.GetProperty("token").GetString()!.Replace("##", "", StringComparison.Ordinal);
                if (piece != "[UNK]")
                    Mill[start..end].ToLowerInvariant().Should().Be(piece);
                if (start > 1)
                    (start - token.GetProperty("start").GetInt32()).Should().Be(1, "the cup counts one, not two");
            }
        var method = json.GetProperty("methods")[0];
        var difference = method.GetProperty("target_value").GetDouble() - method.GetProperty("baseline_value").GetDouble();
        var error = method.GetProperty("completeness_error").GetDouble();
        (Numbers(method.GetProperty("values")).Sum() - error).Should().BeApproximately(difference, 1e-4);
        method.GetProperty("relative_completeness_error").GetDouble().Should().BeLessThan(0.01, "more steps are taken where needed");
        json.GetProperty("against").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task One_answer_is_explained_over_another_by_text_or_place()
    {
        var byText = await Json("--target", "nobody", "--against", "Tove Lindqvist", "--method", "gradient-x-input", "--at", "3");
        var byPlace = await Json("--target", "nobody", "--against", "41:55", "--method", "gradient-x-input", "--at", "3");
        var reverse = await Json("--against", "nobody", "--method", "gradient-x-input", "--at", "3");

        byText.GetProperty("against").GetProperty("start").GetInt32().Should().Be(41);
        byText.GetProperty("target").GetProperty("text").GetString().Should().Be("nobody");
        byPlace.GetProperty("target_value").GetDouble().Should().Be(byText.GetProperty("target_value").GetDouble());
        byText.GetProperty("target_value").GetDouble().Should().BeNegative();
        reverse.GetProperty("target_value").GetDouble().Should().BeApproximately(-byText.GetProperty("target_value").GetDouble(), 1e-4);
    }

    [Fact]
    public async Task Without_an_answer_the_null_decision_is_explained_and_said_so()
    {
        string[] arguments =
        [
            "inspect",
            "attribution",
            "--question",
            "Which team won the cup?",
            "--context",
            "The harbour froze early that winter, so the boats stayed ashore.",
            "--method",
            "occlusion",
            "--unit",
            "sentence",
        ];
        var run = await CommandRun.Of(CommandRun.WithModel(arguments));

        run.ExitCode.Should().Be(0, run.Error);
        run.Lines[0].Should().Be("No answer in this text.");
        run.Lines[1].Should().MatchRegex("^score of no answer over \".+\": \\+\\d");
        run.Lines[2].Should().Be("occlusion by sentence");
        run.Output.Should()
            .Contain("  The harbour froze early that winter, so the boats stayed ashore.\n")
            .And.Contain("  cup (question)\n");
    }

    [Fact]
    public async Task A_terminal_shows_the_text_as_a_heat_map()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter();
        var pretty = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(output),
                Ansi = AnsiSupport.Yes,
                ColorSystem = ColorSystemSupport.TrueColor,
            }
        );
        pretty.Profile.Width = 400;
        var terminal = new Terminal(Stream.Null, true, output, pretty, error);
        var context = Mill.Replace("weir", "[red]weir\u001b[2J", StringComparison.Ordinal);
        var arguments = Attribution("--method", "occlusion").Select(argument => argument == Mill ? context : argument).ToArray();

        var exitCode = await new CommandLine(terminal).RunAsync(arguments, TestContext.Current.CancellationToken);

        exitCode.Should().Be(0, error.ToString());
        output.ToString().Should().Contain("48;2;90;160;230m", "the strongest word is wholly blue").And.Contain("Lindqvist");
        output.ToString().Should().NotContain("\u001b[2J").And.Contain("red");
    }

    [Fact]
    public async Task The_page_has_the_text_as_a_heat_map_whatever_the_text_says()
    {
        var folder = Directory.CreateTempSubdirectory("xdistil-attribution-");
        try
        {
            var file = Path.Combine(folder.FullName, "why.html");
            string[] arguments =
            [
                "inspect",
                "attribution",
                "--question",
                "Who mended <script>alert(1)</script> the wheel?",
                "--context",
                Mill + " <script>alert(2)</script>",
                "--method",
                "gradient-x-input",
                "--html",
                file,
            ];
            var run = await CommandRun.Of(CommandRun.WithModel(arguments));

            run.ExitCode.Should().Be(0, run.Error);
            run.Lines[0].Should().StartWith("score of ", "the terminal's output comes too");
            var page = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            page.Should().StartWith("<!DOCTYPE html>").And.Contain("class=\"w for\"").And.Contain("class=\"target\"");
            page.Should().NotContain("<script").And.Contain("Point at a word for its number");
            (await CommandRun.Of(CommandRun.WithModel(arguments))).ShouldFail(1, "*why.html: is there already*");
            (await CommandRun.Of(CommandRun.WithModel([.. arguments, "--overwrite"]))).ExitCode.Should().Be(0);
            folder.GetFiles().Should().ContainSingle();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(2, "*--question is missing*")]
    [InlineData(2, "*--overwrite needs --data or --html*", "--overwrite")]
    [InlineData(2, "*--method is magic, expected gradient-x-input, integrated-gradients, occlusion, direct or all*", "--method", "magic")]
    [InlineData(2, "*--at is top, expected words, embeddings or the number of a layer*", "--at", "top")]
    [InlineData(1, "*there is no layer 12; the model has 12, numbered from 0*", "--at", "12")]
    [InlineData(2, "*--steps is 0, expected 1 or more*", "--steps", "0")]
    [InlineData(2, "*--steps is of --method integrated-gradients, not of direct*", "--steps", "9", "--method", "direct")]
    [InlineData(
        2,
        "*--at is of --method integrated-gradients and gradient-x-input, not of occlusion*",
        "--at",
        "3",
        "--method",
        "occlusion"
    )]
    [InlineData(2, "*--baseline is zero, expected pad or mask*", "--baseline", "zero")]
    [InlineData(2, "*--unit is page, expected token, word or sentence*", "--unit", "page")]
    [InlineData(2, "*--top is 0*", "--top", "0")]
    [InlineData(1, "*\"windmill\" does not stand in the text*", "--target", "windmill")]
    [InlineData(1, "*\"The mill\" stands in the text 2 times; name one place: 2:10, 74:82*", "--target", "The mill")]
    [InlineData(1, "*500:501 is no span of the text, which has 101 characters*", "--target", "500:501")]
    [InlineData(1, "*measured against itself: both are \"Tove Lindqvist\"*", "--against", "41:55")]
    [InlineData(1, "*measured against itself: both are no answer*", "--target", "null", "--against", "null")]
    [InlineData(1, "*there is no window 7; the text has 1*", "--window", "7")]
    [InlineData(1, "*window 0 does not hold \"nobody\"*", "--max-length", "24", "--stride", "4", "--window", "0", "--target", "nobody")]
    public async Task Wrong_usage_and_bad_input_get_one_clear_error(int exitCode, string message, params string[] arguments)
    {
        var whole = arguments.Length > 0 ? Attribution(arguments) : CommandRun.WithModel("inspect", "attribution", "--context", Mill);
        (await CommandRun.Of(whole)).ShouldFail(exitCode, message);
    }
}
