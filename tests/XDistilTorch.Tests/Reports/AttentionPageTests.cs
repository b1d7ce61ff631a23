using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using XDistilTorch.Inspection;
using XDistilTorch.Reports;
using XDistilTorch.Windows;

namespace XDistilTorch.Tests.Reports;

public sealed class AttentionPageTests(ModelFolder folder) : IClassFixture<ModelFolder>
{
    private const string Text = "the clock was repaired by osei. the zebra was by the clock.";

    private static string Rendered(QuestionAnswerer answerer, string question, string text, AnswerOptions? options = null)
    {
        var asked = InspectedQuestion.Of(answerer, question, text, options);
        var page = new AttentionPage(asked, InspectedTarget.Of(asked, "osei"), "tiny");
        foreach (var window in asked.Windows)
        {
            using var recording = AttentionRecording.Of(answerer.Model, window);
            page.Add(window, recording);
        }
        return page.Render();
    }

    private string Rendered(string question = "who repaired the clock?", string text = Text, AnswerOptions? options = null)
    {
        using var answerer = QuestionAnswerer.FromPretrained(folder.Path);
        return Rendered(answerer, question, text, options);
    }

    private static XElement ById(XElement root, string id) => root.Descendants().Single(element => (string?)element.Attribute("id") == id);

    private static JsonElement Data(XElement root) => JsonDocument.Parse(ById(root, "data").Value).RootElement;

    [Fact]
    public void Has_every_head_of_the_window_as_the_model_has_it()
    {
        using var answerer = QuestionAnswerer.FromPretrained(folder.Path);
        var window = InspectedQuestion.Of(answerer, "who repaired the clock?", Text).Windows[0];
        using var recording = AttentionRecording.Of(answerer.Model, window);

        var root = Pages.Parsed(Rendered(answerer, "who repaired the clock?", Text));

        var shown = Data(root).GetProperty("windows")[0];
        shown
            .GetProperty("tokens")
            .EnumerateArray()
            .Select(token => token.GetString())
            .Should()
            .Equal(Enumerable.Range(0, window.Length).Select(window.TextOf));
        shown
            .GetProperty("groups")
            .EnumerateArray()
            .Select(group => group.GetString())
            .Should()
            .Contain(["cls", "question", "sep", "answer", "context"]);
        foreach (var (number, head) in shown.GetProperty("heads").EnumerateArray().Index())
        {
            var (layer, place) = (head.GetProperty("layer").GetInt32(), head.GetProperty("head").GetInt32());
            (layer, place).Should().Be((number / 4, number % 4));
            var map = new PackedMap(ById(root, $"map-0-{number}").Value, window.Length);
            var matrix = recording.Matrix(layer, place);
            for (var i = 0; i < matrix.Length; i++)
                map[i].Should().BeApproximately(matrix[i], matrix[i] < 1f / 4096 ? 1f / 4096 : 0.19 * matrix[i]);
        }
    }

    [Fact]
    public void Says_how_exact_it_is_and_what_attention_cannot_show()
    {
        var page = Rendered();

        page.Should()
            .MatchRegex(
                "off by a factor of 1.19 at most; what is below 1/4096 = 0.00024 is shown as 0. The largest error on this page is 0\\.\\d{4}"
            );
        page.Should().Contain("xdistil inspect record").And.Contain(AttentionReport.Note);
    }

    [Fact]
    public void Needs_nothing_else_and_lets_nothing_be_loaded()
    {
        var page = Rendered();

        Pages
            .Parsed(page)
            .Descendants("meta")
            .Should()
            .Contain(meta => $"{(string?)meta.Attribute("content")}".StartsWith("default-src 'none'"));
        page.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal)
            .Should()
            .NotContain("http:")
            .And.NotContain("https:")
            .And.NotContain("src=");
        Pages.ShouldHaveEndTags(page);
    }

    [Fact]
    public void Texts_of_others_stay_texts()
    {
        var page = Rendered("<script>a()</script> who?", "</script><img src=x> \u0001 & osei");

        page.Should().NotContain("<script>a").And.NotContain("<img").And.NotContain("\u0001");
        var root = Pages.Parsed(page);
        root.Descendants("p").Should().Contain(p => p.Value == "<script>a()</script> who?");
        string.Concat(Data(root).GetProperty("windows")[0].GetProperty("tokens").EnumerateArray().Select(token => token.GetString()))
            .Should()
            .Be("[CLS]<script>a()</script>who?[SEP]</script><imgsrc=x>&osei[SEP]");
    }

    [Fact]
    public void Several_windows_stand_in_one_page_and_only_those_that_hold_the_span_mark_it()
    {
        var root = Pages.Parsed(
            Rendered(
                text: Text + string.Concat(Enumerable.Repeat(" the zebra was by the clock.", 9)),
                options: new AnswerOptions { MaxLength = 32, Stride = 8 }
            )
        );

        var windows = Data(root).GetProperty("windows").EnumerateArray().ToList();
        windows.Should().HaveCountGreaterThan(2);
        windows.Select(window => window.GetProperty("number").GetInt32()).Should().Equal(Enumerable.Range(0, windows.Count));
        bool Marks(JsonElement window) => window.GetProperty("groups").EnumerateArray().Any(group => group.GetString() == "answer");
        Marks(windows[0]).Should().BeTrue();
        Marks(windows[^1]).Should().BeFalse();
        windows[^1].GetProperty("target").EnumerateArray().Select(token => token.GetInt32()).Should().Equal(0, 0);
        Data(root).GetProperty("open").GetInt32().Should().Be(0);
    }

    // Of 384 tokens, which the tiny model itself could not read.
    private (InspectedQuestion, InspectedWindow) LongWindow()
    {
        using var answerer = QuestionAnswerer.FromPretrained(folder.Path);
        const string asked = "who repaired the clock?";
        var text = string.Concat(Enumerable.Repeat(Text + " ", 40));
        var tokens = new QuestionWindows(answerer.Tokenizer, new WindowOptions(384)).Of(new QuestionInput(asked, text))[0];
        var window = new InspectedWindow(tokens, asked, text, answerer.Tokenizer.Vocabulary);
        window.Length.Should().Be(384);
        return (InspectedQuestion.Of(answerer, asked, Text), window);
    }

    /// <summary>Scores of 1 nat and less are the hardest to pack that a size is promised for; attention of models is far from it.</summary>
    [Theory]
    [InlineData(1.0, 12_000_000)]
    [InlineData(0.1, 5_000_000)]
    [InlineData(0.0, 600_000)]
    [InlineData(2.5, 12_000_000)]
    [InlineData(1.35, 12_600_000)] // the worst there is
    public void A_window_of_384_tokens_and_144_heads_is_small_enough(double deviation, int most)
    {
        var (question, window) = LongWindow();
        float[][] rows = [.. Enumerable.Range(0, 6).Select(seed => PackedHeadTests.Rows(384, deviation, seed))];
        long Size(int heads)
        {
            var page = new AttentionPage(question, new InspectedTarget(window, null), "noise");
            page.Add(window, [.. Enumerable.Range(0, heads).Select(head => (0, head))], (_, head) => rows[head]);
            return Encoding.UTF8.GetByteCount(page.Render());
        }

        var (three, six) = (Size(3), Size(6));

        (six + 46 * (six - three)).Should().BeLessThan(most, "144 heads are 6 and 46 times 3");
    }

    [Fact]
    public void A_page_that_would_be_too_large_says_how_to_ask_for_less()
    {
        var (question, window) = LongWindow();
        var rows = PackedHeadTests.Rows(384, 1, 1);
        var page = new AttentionPage(question, new InspectedTarget(window, null), "noise") { Limit = 200_000 };

        page.Invoking(p => p.Add(window, [(0, 0)], (_, _) => rows, more: 2))
            .Should()
            .Throw<ReportException>()
            .WithMessage(
                "the maps of 3 windows take 0.2 MB, and a page holds 0.2 MB. Choose windows of the 1 (--windows*--layers, --heads)."
            );
        page.Invoking(p => p.Render()).Should().Throw<InvalidOperationException>();
        page.Add(window, [(0, 0)], (_, _) => rows);
        page.Render().Should().Contain("map-0-0");
    }
}
