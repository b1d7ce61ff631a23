using System.Text.Json;
using XDistilTorch.Inspection;

namespace XDistilTorch.Parity.Commands;

/// <summary><c>xdistil inspect attention</c> as a user meets it.</summary>
public class InspectAttentionCommandTests
{
    private const string Clock = "The clock in the square had been silent for a year until Marit Osei repaired it in spring.";
    private const string Harbour = "The harbour froze early that winter, so the boats stayed ashore.";

    private static readonly string Long =
        string.Concat(Enumerable.Range(0, 30).Select(i => $"Keeper {i} of the lamp noted a quiet night. ")) + Harbour;

    private static string[] Inspect(string context, params string[] more) =>
        CommandRun.WithModel(["inspect", "attention", "--question", "Who repaired the clock?", "--context", context, .. more]);

    [Fact]
    public async Task Shows_layer_by_layer_where_the_answer_looks_and_who_looks_at_it()
    {
        var run = await CommandRun.Of(Inspect(Clock, "--top", "3"));

        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().BeEmpty();
        run.Lines[0].Should().MatchRegex(@"^Marit Osei: tokens \d+\.\.\d+ of \d+ in window 0 of 1$");
        run.Lines[1].Should().Be("Figures are means over 12 heads.");
        run.Output.Should().MatchRegex(@"layer +\[CLS\] +question +\[SEP\] +answer +context +sinks +entropy +distance");
        run.Lines.Should().Contain("layer 0").And.Contain("layer 11");
        run.Lines.Where(line => line.StartsWith("  looks at ", StringComparison.Ordinal))
            .Should()
            .HaveCount(12)
            .And.AllSatisfy(line => line.Should().MatchRegex(@"^  looks at {6}(\S+ \(\d+\) [01]\.\d{3}(, )?){3}$"));
        foreach (var measure in new[] { "  looked at by  ", "  value norm    ", "  rollout       " })
            run.Lines.Count(line => line.StartsWith(measure, StringComparison.Ordinal)).Should().Be(12);
        run.Lines[^1].Should().Be(AttentionReport.Note);
    }

    [Fact]
    public async Task Json_has_the_figures_of_layers_and_heads_and_tokens_with_their_places()
    {
        var text = "🍵 " + Clock;

        var run = await CommandRun.Of(Inspect(text, "--layers", "0,10-11", "--heads", "5,7", "--json"));

        run.ExitCode.Should().Be(0, run.Error);
        run.Lines.Should().ContainSingle();
        using var json = JsonDocument.Parse(run.Output);
        var record = json.RootElement;
        record
            .EnumerateObject()
            .Select(p => p.Name)
            .Should()
            .Equal(
                "question",
                "answer",
                "target",
                "window",
                "windows",
                "tokens",
                "ids",
                "groups",
                "offsets",
                "offsets_utf16",
                "layers",
                "note"
            );
        var target = record.GetProperty("target");
        target.GetProperty("text").GetString().Should().Be("Marit Osei");
        int first = target.GetProperty("first_token").GetInt32(),
            length = record.GetProperty("tokens").GetArrayLength();
        var places = record.GetProperty("offsets_utf16");
        text[places[2 * first].GetInt32()..].Should().StartWith("Marit Osei");
        (places[2 * first].GetInt32() - record.GetProperty("offsets")[2 * first].GetInt32()).Should().Be(1); // the cup counts one, not two
        target.GetProperty("start").GetInt32().Should().Be(record.GetProperty("offsets")[2 * first].GetInt32());
        record.GetProperty("groups")[first].GetString().Should().Be("answer");
        record.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("layer").GetInt32()).Should().Equal(0, 10, 11);
        foreach (var layer in record.GetProperty("layers").EnumerateArray())
        {
            layer.GetProperty("rollout").EnumerateArray().Should().HaveCount(length);
            layer.GetProperty("rollout").EnumerateArray().Sum(p => p.GetDouble()).Should().BeApproximately(1, 1e-4);
            layer.GetProperty("mean").TryGetProperty("head", out _).Should().BeFalse();
            layer.GetProperty("heads").EnumerateArray().Select(head => head.GetProperty("head").GetInt32()).Should().Equal(5, 7);
            foreach (var figures in layer.GetProperty("heads").EnumerateArray().Append(layer.GetProperty("mean")))
                ShouldBeAttention(figures, length);
        }
    }

    private static void ShouldBeAttention(JsonElement figures, int length)
    {
        figures
            .GetProperty("group_mass")
            .EnumerateObject()
            .Select(p => p.Name)
            .Should()
            .Equal("cls", "question", "sep", "answer", "context");
        figures.GetProperty("group_mass").EnumerateObject().Sum(p => p.Value.GetDouble()).Should().BeApproximately(1, 1e-4);
        figures.GetProperty("looks_at").EnumerateArray().Sum(p => p.GetDouble()).Should().BeApproximately(1, 1e-4);
        figures.GetProperty("looked_at_by").EnumerateArray().Should().HaveCount(length).And.OnlyContain(p => p.GetDouble() <= 1.0001);
        figures.GetProperty("value_norm").EnumerateArray().Should().HaveCount(length).And.OnlyContain(p => p.GetDouble() >= 0);
        figures.GetProperty("sink_share").GetDouble().Should().BeInRange(0, 1);
        figures.GetProperty("entropy").GetDouble().Should().BeInRange(0, Math.Log(length));
        figures.GetProperty("distance").GetDouble().Should().BeInRange(0, length - 1);
    }

    [Fact]
    public async Task Without_an_answer_the_null_decision_is_shown()
    {
        var run = await CommandRun.Of(Inspect(Harbour, "--layers", "11"));

        run.ExitCode.Should().Be(0, run.Error);
        run.Lines[0].Should().MatchRegex(@"^No answer: decided at \[CLS\], token 0 of \d+ in window 0 of 1$");
        run.Output.Should().MatchRegex(@"layer +\[CLS\] +question +\[SEP\] +context +sinks").And.NotContain("layer 10");
    }

    [Theory]
    [InlineData(Clock, "null", "No answer: decided at *", "The model's answer is Marit Osei.")]
    [InlineData(Clock, "Osei", "Osei: tokens *", "The model's answer is Marit Osei.")]
    [InlineData(Harbour, "boats", "boats: token *", "The model gives no answer in this text.")]
    public async Task Beside_another_span_the_models_answer_is_told(string text, string target, string first, string second)
    {
        var run = await CommandRun.Of(Inspect(text, "--target", target, "--layers", "3"));

        run.ExitCode.Should().Be(0, run.Error);
        run.Lines[0].Should().Match(first);
        run.Lines[1].Should().Be(second);
    }

    [Theory]
    [InlineData("null", null)]
    [InlineData("Osei", "Osei")]
    [InlineData("4:9", "clock")]
    public async Task Another_span_can_be_looked_at(string target, string? text)
    {
        var run = await CommandRun.Of(Inspect(Clock, "--target", target, "--layers", "3", "--heads", "0", "--json"));

        run.ExitCode.Should().Be(0, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        json.RootElement.GetProperty("answer").GetString().Should().Be("Marit Osei");
        json.RootElement.GetProperty("target").GetProperty("text").GetString().Should().Be(text);
    }

    [Fact]
    public async Task A_window_can_be_chosen_and_a_span_chooses_one()
    {
        string[] small = ["--max-length", "64", "--stride", "16", "--layers", "0", "--json"];

        var chosen = await CommandRun.Of(Inspect(Long, ["--window", "2", .. small]));
        var named = await CommandRun.Of(Inspect(Long, ["--target", "ashore", .. small]));

        JsonDocument.Parse(chosen.Output).RootElement.GetProperty("window").GetInt32().Should().Be(2);
        var record = JsonDocument.Parse(named.Output).RootElement;
        record.GetProperty("window").GetInt32().Should().Be(record.GetProperty("windows").GetInt32() - 1);
        record.GetProperty("target").GetProperty("text").GetString().Should().Be("ashore");
    }

    [Fact]
    public async Task Brackets_and_control_characters_of_a_text_do_not_reach_the_terminal_as_such()
    {
        var run = await CommandRun.Of(Inspect(Clock.Replace("Marit", "\u001b[31m[red]Marit", StringComparison.Ordinal), "--top", "99"));

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().NotContain("\u001b").And.Contain("Marit Osei");
    }

    [Theory]
    [InlineData(1, "*there is no layer 12; the model has 12, numbered from 0*", "--layers", "3,11-12")]
    [InlineData(1, "*there is no head 40; the model has 12, numbered from 0*", "--heads", "40")]
    [InlineData(1, "*there is no window 1; the text has 1, numbered from 0*", "--window", "1")]
    [InlineData(1, "*\"bell\" does not stand in the text*", "--target", "bell")]
    [InlineData(1, "*\"in\" stands in the text 3 times*", "--target", "in")]
    [InlineData(1, "*80:400 is no span of the text*", "--target", "80:400")]
    [InlineData(2, "*--layers is 3-1, expected numbers from 0*", "--layers", "3-1")]
    [InlineData(2, "*--heads is all, expected numbers from 0*", "--heads", "all")]
    [InlineData(2, "*--top is 0, expected 1 or more*", "--top", "0")]
    [InlineData(2, "*--window is -1, expected 0 or more*", "--window", "-1")]
    [InlineData(2, "*--windows needs --html*", "--windows", "0")]
    [InlineData(1, "*there is no window 3; the text has 1, numbered from 0*", "--html", "never-written.html", "--windows", "3")]
    [InlineData(1, "*no/such/folder/a.html*", "--html", "no/such/folder/a.html")]
    public async Task What_is_not_there_is_told(int exitCode, string message, params string[] arguments) =>
        (await CommandRun.Of(Inspect(Clock, arguments))).ShouldFail(exitCode, message);

    [Fact]
    public async Task Several_windows_without_an_answer_ask_for_a_choice() =>
        (await CommandRun.Of(Inspect(Long, "--max-length", "64", "--stride", "16"))).ShouldFail(
            1,
            "*windows and no answer that would choose one*--window*--target*"
        );

    [Fact]
    public async Task A_span_outside_of_the_window_asked_for_names_those_that_hold_it() =>
        (await CommandRun.Of(Inspect(Long, "--max-length", "64", "--stride", "16", "--window", "0", "--target", "ashore"))).ShouldFail(
            1,
            "*window 0 does not hold \"ashore\"; window *"
        );
}
