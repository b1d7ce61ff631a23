using System.IO.Compression;
using System.Text.Json;
using XDistilTorch.Testing;

namespace XDistilTorch.Parity.Commands;

/// <summary><c>xdistil tokenize</c> against the reference, and as a user meets it.</summary>
public class TokenizeCommandTests
{
    private const string Strings = "text/tokenizer/strings.json";
    private const string Windows = "text/tokenizer/windows.json.gz";

    [Fact]
    public async Task Rows_get_the_references_tokens()
    {
        using var goldens = JsonDocument.Parse(File.ReadAllBytes(GoldenFolder.Require(Strings)));
        // What somebody typed is text: the cases that spell special tokens have their own expectation.
        var cases = goldens
            .RootElement.GetProperty("cases")
            .EnumerateArray()
            .Where(c => !c.GetProperty("text").GetString()!.Contains('['))
            .ToList();
        var rows = string.Concat(cases.Select(c => $"{{\"text\": {c.GetProperty("text").GetRawText()}}}\n"));

        var run = await CommandRun.WithInput(CommandRun.Utf8(rows), CommandRun.WithModel("tokenize", "--json"));

        run.ExitCode.Should().Be(0, run.Error);
        run.Lines.Should().HaveCount(cases.Count);
        for (var i = 0; i < cases.Count; i++)
            ShouldHave(JsonDocument.Parse(run.Lines[i]).RootElement, cases[i], ["ids", "tokens", "offsets", "offsets_utf16", "word_ids"]);
    }

    [Fact]
    public async Task Pairs_with_a_longest_window_get_the_references_windows()
    {
        using var gzip = new GZipStream(File.OpenRead(GoldenFolder.Require(Windows)), CompressionMode.Decompress);
        using var goldens = JsonDocument.Parse(gzip);
        foreach (
            var (pair, run) in goldens
                .RootElement.GetProperty("cases")
                .EnumerateArray()
                .SelectMany(c => c.GetProperty("runs").EnumerateArray().Select(r => (c, r)))
                .Where(x => Plain(x.c, x.r))
                .Take(40)
        )
        {
            var output = await CommandRun.Of(
                CommandRun.WithModel(
                    "tokenize",
                    "--text",
                    pair.GetProperty("questions")[0].GetString()!,
                    "--pair",
                    pair.GetProperty("contexts")[0].GetString()!,
                    "--max-length",
                    run.GetProperty("max_length").GetRawText(),
                    "--stride",
                    run.GetProperty("stride").GetRawText(),
                    "--json"
                )
            );

            output.ExitCode.Should().Be(0, output.Error);
            var windows = JsonDocument.Parse(output.Output).RootElement.GetProperty("windows");
            windows.GetArrayLength().Should().Be(run.GetProperty("windows").GetArrayLength());
            for (var w = 0; w < windows.GetArrayLength(); w++)
                ShouldHave(windows[w], run.GetProperty("windows")[w], ["ids", "offsets", "word_ids"]);
        }
    }

    // One question, its context behind it, no padding, no special tokens spelled out; command lines cannot hold a NUL.
    private static bool Plain(JsonElement pair, JsonElement run) =>
        pair.GetProperty("questions").GetArrayLength() == 1
        && !(pair.GetProperty("questions")[0].GetString() + pair.GetProperty("contexts")[0].GetString()).AsSpan().ContainsAny('[', '\0')
        && run.TryGetProperty("windows", out _)
        && run.GetProperty("padding").GetString() == "do_not_pad"
        && run.GetProperty("order").GetString() == "question_first"
        && run.GetProperty("api").GetString() == "batch";

    private static void ShouldHave(JsonElement actual, JsonElement expected, string[] fields)
    {
        foreach (var field in fields)
            JsonElement
                .DeepEquals(actual.GetProperty(field), expected.GetProperty(field))
                .Should()
                .BeTrue($"{field}: {actual.GetProperty(field)} should be {expected.GetProperty(field)}");
    }

    [Fact]
    public async Task Special_tokens_are_added_on_request_and_for_pairs()
    {
        async Task<string> Tokens(params string[] arguments) =>
            JsonDocument
                .Parse((await CommandRun.Of(CommandRun.WithModel(["tokenize", "--json", .. arguments]))).Output)
                .RootElement.GetProperty("tokens")
                .ToString();

        (await Tokens("--text", "who?")).Should().Be("""["who","?"]""");
        (await Tokens("--text", "who?", "--special")).Should().Be("""["[CLS]","who","?","[SEP]"]""");
        (await Tokens("--text", "who?", "--pair", "me")).Should().Be("""["[CLS]","who","?","[SEP]","me","[SEP]"]""");
        (await Tokens("--text", "a [SEP] b")).Should().Be("""["a","[","sep","]","b"]""");
    }

    [Fact]
    public async Task Rows_before_a_broken_one_are_printed()
    {
        var run = await CommandRun.WithInput(
            CommandRun.Utf8("{\"text\": \"a\"}\n\n{\"txt\": 1}\n"),
            CommandRun.WithModel("tokenize", "--json")
        );

        run.ExitCode.Should().Be(1);
        run.Lines.Should().HaveCount(1);
        run.Error.Should().Be("xdistil: standard input line 3: \"text\" is missing.\n");
    }

    [Theory]
    [InlineData(1, "*line 1: is not valid JSON*", "{\"text\": ")]
    [InlineData(1, "*line 1: holds a JSON Array*", "[1]")]
    [InlineData(1, "*line 1: \"text\" is a JSON Number*", "{\"text\": 1}")]
    [InlineData(1, "*line 1: is not valid JSON*", "{\"text\": \"\\ud800\"}")]
    public async Task Broken_rows_are_named_by_line(int exitCode, string message, string row) =>
        (await CommandRun.WithInput(CommandRun.Utf8(row), CommandRun.WithModel("tokenize", "--json"))).ShouldFail(exitCode, message);

    [Theory]
    [InlineData(2, "*--pair needs --text*", "--pair", "a")]
    [InlineData(2, "*--text and --input exclude*", "--text", "a", "--input", "b")]
    [InlineData(2, "*--text, --input or standard input*")]
    [InlineData(1, "*nowhere.jsonl: cannot be read*", "--input", "nowhere.jsonl")]
    [InlineData(1, "*question has 6 tokens*", "--text", "a b c d e f", "--pair", "g", "--max-length", "9", "--stride", "0")]
    public async Task Wrong_usage_is_told(int exitCode, string message, params string[] arguments) =>
        (await CommandRun.Of(CommandRun.WithModel(["tokenize", .. arguments]))).ShouldFail(exitCode, message);
}
