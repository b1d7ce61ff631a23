using XDistilTorch.Data;
using XDistilTorch.Inspection.OverData;
using XDistilTorch.Prediction;
using XDistilTorch.Reports;
using XDistilTorch.Tests.Inspection.OverData;

namespace XDistilTorch.Tests.Reports;

public class MeasurePageTests
{
    private static readonly MeasureDescription Description = new(
        "warmth",
        ["Warmth is not weather: it shows what is warm, not why."],
        [new("heat", "how warm a head is", HasExamples: true)]
    );

    private static MeasureSummary Summary(int questions, string text = "osei")
    {
        var summary = new MeasureSummary(Description with { Shows = [text == Pages.Hostile ? text : Description.Shows[0]] });
        for (var i = 0; i < questions; i++)
        {
            var row = MeasureSummaryTests.Row(i, text);
            if (text == Pages.Hostile)
                row = row with
                {
                    Row = row.Row! with { Id = text, Question = text, Context = text, Answers = [new GoldAnswer(text, 0, null)] },
                };
            summary.Add(row, Values(i % 17));
        }
        summary.Add(new RowError("empty-context", text));
        return summary;
    }

    private static IEnumerable<MeasuredValue> Values(int heat)
    {
        yield return new MeasuredValue("heat", heat);
        for (var layer = 0; layer < 3; layer++)
        {
            yield return new MeasuredValue("heat", heat + layer) { Layer = layer };
            for (var head = 0; head < 4; head++)
                yield return new MeasuredValue("heat", heat - 8 + layer - head) { Layer = layer, Head = head };
        }
    }

    [Fact]
    public void A_figure_is_shown_over_questions_by_layer_and_by_head()
    {
        var page = MeasurePage.Render(Summary(40), "dev.json");
        var root = Pages.Parsed(page);

        root.Descendants("svg").Should().HaveCount(2, "histogram and layers");
        root.Descendants("article").Should().HaveCount(6, "three at each end");
        var words = root.Value;
        words.Should().Contain("over dev.json: 40 questions").And.Contain("empty-context 1").And.Contain("Warmth is not weather");
        var table = root.Descendants("table").First();
        table.Descendants("td").Select(cell => cell.Value).Take(3).Should().Equal("all", "40", "7.175");
        var maps = root.Descendants("table").Where(each => each.Attribute("class")?.Value == "heat").ToList();
        maps.Should().HaveCount(2, "means and spread of heads");
        var cell = maps[0].Descendants("tr").ElementAt(1).Elements("td").ElementAt(3);
        cell.Value.Should().Be("-3.83", "the mean of layer 0, head 3 is -3.825");
        cell.Attribute("class")!.Value.Should().Be("below strong", "it is the furthest from 0");
        Pages.ShouldNeedNothingElse(page);
        Pages.ShouldHaveUniqueIds(root);
        Pages.ShouldHaveEndTags(page);
    }

    [Fact]
    public void Examples_are_marked_where_they_stand_and_not_where_the_same_words_stand_before()
    {
        const string Context = "In 1904 nobody lived here. The oak by the mill was planted in 1904.";
        var at = Context.LastIndexOf("1904", StringComparison.Ordinal);
        var row = MeasureSummaryTests.Row(1, "1904");
        row = row with
        {
            Row = row.Row! with { Context = Context, Answers = [GoldAnswer.Of(Context, new TextSpan(at, at + 4))] },
            Answer = row.Answer! with { Text = "in 1904", StartUtf16 = at - 3, EndUtf16 = at + 4 },
        };
        var summary = new MeasureSummary(Description);
        summary.Add(row, Values(1));

        var excerpt = Pages
            .Parsed(MeasurePage.Render(summary, "dev.json"))
            .Descendants("p")
            .Single(p => p.Attribute("class")?.Value == "context");

        excerpt.Value.Should().Be(Context);
        excerpt
            .Elements("mark")
            .Select(mark => (mark.Value, mark.Attribute("class")!.Value))
            .Should()
            .Equal(("in ", "answered"), ("1904", "expected answered"));
        excerpt.Elements("mark").First().PreviousNode!.ToString().Should().EndWith("was planted ");
    }

    [Fact]
    public void Texts_of_others_stay_texts()
    {
        var page = MeasurePage.Render(Summary(8, Pages.Hostile), Pages.Hostile);

        page.Should().NotContainEquivalentOf("<script").And.NotContain("<img").And.NotContain("\u0001");
        Pages
            .Parsed(page)
            .Descendants("article")
            .Should()
            .NotBeEmpty()
            .And.OnlyContain(article => article.Value.Contains("<script>alert(\"1\")</script>"));
    }

    [Fact]
    public void More_questions_make_no_longer_page_and_say_what_is_of_a_sample()
    {
        var (few, many) = (MeasurePage.Render(Summary(900), "a"), MeasurePage.Render(Summary(9000), "a"));

        many.Length.Should().BeLessThan((int)(1.1 * few.Length));
        many.Should().Contain("of a random sample of 1,000 of them");
        few.Should().NotContain("random sample");
    }

    [Fact]
    public void The_same_summary_gives_the_same_bytes() =>
        MeasurePage.Render(Summary(50), "a").Should().Be(MeasurePage.Render(Summary(50), "a"));

    [Fact]
    public void Where_nothing_was_measured_the_page_says_so()
    {
        var summary = new MeasureSummary(Description);
        summary.Add(new RowError("empty-context", "line 1"));

        var root = Pages.Parsed(MeasurePage.Render(summary, "dev.json"));

        root.Descendants("svg").Should().BeEmpty();
        root.Value.Should().Contain("0 questions").And.Contain("empty-context 1");
    }
}
