using System.Xml.Linq;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;
using XDistilTorch.Reports.Attribution;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Reports;

public sealed class AttributionPageTests(ModelFolder folder) : IClassFixture<ModelFolder>
{
    private const string Clock = "the clock was repaired by osei. the mill by the weir was not.";

    private (AttributionResult Result, InspectedQuestion Question) Asked(
        string question = "who repaired the clock?",
        string context = Clock,
        string? target = "osei",
        string? against = null,
        int maxLength = 64
    )
    {
        using var answerer = QuestionAnswerer.FromPretrained(folder.Path);
        var asked = InspectedQuestion.Of(answerer, question, context, new AnswerOptions { MaxLength = maxLength });
        var decision = ExplainedDecision.Of(asked, target, against);
        using var scope = NewDisposeScope();
        var input = decision.Window.ToInput(CPU);
        var units = TokenUnit.Of(decision.Window, TokenUnitKind.Word);
        var mask = answerer.Tokenizer.MaskId!.Value;
        var terms = DirectAttribution.Of(answerer.Model, input, decision.Target);
        var baseline = BaselineIds.Of(decision.Window.Tokens, mask);
        FaithfulnessCurves Curves(TokenAttribution values) =>
            InsertionDeletion.Of(answerer.Model, input, decision.CurveSpan, values.Ranking(decision.PositionsOutside), mask);
        MethodResult[] methods =
        [
            new(
                IntegratedGradients.Of(answerer.Model, input, decision.Target, baseline, rule: QuadratureRule.GaussLegendre(1)),
                "at words, 1 step from [MASK]",
                IntegratedGradients.Shows
            ),
            new(terms.ToTokens(), "by the tokens attended to", DirectAttribution.Shows) { Terms = terms },
        ];
        return (
            new AttributionResult(
                decision,
                units,
                [.. methods.Select(method => method with { Curves = Curves(method.Attribution) })],
                InsertionDeletion.Random(answerer.Model, input, decision.CurveSpan, decision.PositionsOutside, mask),
                AttributionAgreement.OfAll([.. methods.Select(method => method.Attribution)], decision.ContextPositions)
            ),
            asked
        );
    }

    private static string Page((AttributionResult Result, InspectedQuestion Question) asked, int top = 10) =>
        AttributionPage.Render(asked.Result, asked.Question, top);

    private static IEnumerable<XElement> WithClass(XElement root, string name) =>
        root.Descendants().Where(element => element.Attribute("class")?.Value.Split(' ').Contains(name) == true);

    [Fact]
    public void One_page_has_everything_and_needs_nothing_else()
    {
        var asked = Asked();
        var page = Page(asked);

        Pages.ShouldNeedNothingElse(page);
        Pages.ShouldHaveEndTags(page);
        var root = Pages.Parsed(page);
        Pages.ShouldHaveUniqueIds(root);
        root.Descendants("svg").Should().HaveCount(2, "deletion and insertion");
        root.Descendants("h2")
            .Select(h => h.Value)
            .Should()
            .Equal("Integrated gradients", "Direct attribution", "Does the answer hang on these words?", "Do the methods agree?");
        foreach (
            var shows in new[] { IntegratedGradients.Shows, DirectAttribution.Shows, InsertionDeletion.Shows, AttributionAgreement.Shows }
        )
            root.Value.Should().Contain(shows);
        root.Value.Should().Contain("Completeness error: ").And.Contain("more steps (--steps) make it smaller");
        page.Should().Be(Page(asked), "the same result gives the same bytes");
    }

    [Fact]
    public void Every_word_has_its_number_and_the_strongest_the_fullest_ground()
    {
        var asked = Asked();
        var map = WithClass(Pages.Parsed(Page(asked)), "text").First();

        var words = WithClass(map, "w").ToList();
        words.Select(word => word.Value).Should().Equal(asked.Result.Units.Select(unit => unit.TextIn(asked.Result.Decision.Window)));
        map.Value.Should().Be("who repaired the clock?" + Clock, "it is the text, nothing less");
        var values = asked.Result.Units.Select(unit => unit.ValueIn(asked.Result.Methods[0].Attribution)).ToList();
        foreach (var (word, value) in words.Zip(values))
        {
            word.Attribute("title")!.Value.Should().Be($"{word.Value}: {value.ToString("+0.000;-0.000;0.000")}");
            if (word.Attribute("style") is not null)
                word.Attribute("class")!.Value.Should().Be(value > 0 ? "w for" : "w against");
        }
        var strongest = words[values.IndexOf(values.MaxBy(Math.Abs))];
        strongest.Attribute("style")!.Value.Should().Be("--v:1");
    }

    [Fact]
    public void Tables_list_the_words_for_and_against_strongest_first()
    {
        var asked = Asked();
        var tables = WithClass(Pages.Parsed(Page(asked, top: 3)), "sides").First().Elements("table").ToList();

        string[][] listed =
        [
            .. tables.Select(table =>
                table.Element("tbody")!.Elements("tr").Select(row => row.Elements("td").ElementAt(1).Value).ToArray()
            ),
        ];
        var values = asked.Result.Units.Select(unit => unit.ValueIn(asked.Result.Methods[0].Attribution)).ToList();
        listed[0].Should().Equal(values.Where(v => v > 0).OrderDescending().Take(3).Select(v => v.ToString("+0.000")));
        listed[1].Should().Equal(values.Where(v => v < 0).Order().Take(3).Select(v => v.ToString("0.000")));
    }

    [Fact]
    public void What_is_explained_and_what_it_is_compared_with_are_framed()
    {
        var map = WithClass(Pages.Parsed(Page(Asked(against: "the weir"))), "text").First();

        WithClass(map, "target").Should().ContainSingle().Which.Value.Should().Be("osei");
        WithClass(map, "other").Should().ContainSingle().Which.Value.Should().Be("the weir");
        WithClass(WithClass(Pages.Parsed(Page(Asked(target: "null"))), "text").First(), "target").Should().BeEmpty();
    }

    [Fact]
    public void Of_a_long_text_the_page_has_the_window_and_says_what_is_left_out()
    {
        var context =
            string.Join(' ', Enumerable.Repeat("the mill was old.", 12))
            + " osei repaired the clock. "
            + string.Join(' ', Enumerable.Repeat("by the weir.", 12));
        var asked = Asked(context: context, maxLength: 32);
        var map = WithClass(Pages.Parsed(Page(asked)), "text").First();

        map.Value.Should().MatchRegex(@"\[… \d+ characters before this window\]").And.MatchRegex(@"\[… \d+ characters after this window\]");
        map.Value.Length.Should().BeLessThan(context.Length);
        WithClass(map, "target").Single().Value.Should().Be("osei");
    }

    [Fact]
    public void Texts_of_others_stay_texts()
    {
        var page = Page(Asked("</p><script>x()", "osei <script>x()</script> <img src=x onerror='a()'> & \u0001 \ud800 \u202e 🍵"));

        page.Should().NotContainEquivalentOf("<script").And.NotContain("<img").And.NotContain("\u0001");
        var root = Pages.Parsed(page);
        root.Descendants("h1").Single().Value.Should().Be("</p><script>x()");
        root.Descendants("title").Single().Value.Should().Contain("<script>x()");
        WithClass(root, "text").Should().OnlyContain(map => map.Value.Contains("<img src=x onerror='a()'> & \uFFFD \uFFFD"));
    }
}
