using System.Text;
using System.Xml.Linq;
using XDistilTorch.Data;
using XDistilTorch.Evaluation;
using XDistilTorch.Reports;

namespace XDistilTorch.Tests.Reports;

public class EvaluationPageTests
{
    private const string Hostile = Pages.Hostile;

    private static EvaluationReport Report(
        int questions,
        string context = "The oak by the mill was planted in 1904.",
        bool withScores = true
    )
    {
        var rows = Enumerable
            .Range(0, questions)
            .Select(i => new QuestionRow
            {
                Id = $"q{i}{(context == Hostile ? Hostile : "")}",
                Question = context == Hostile ? Hostile : "When was the oak planted?",
                Context = context,
                Answers = i % 3 == 0 ? [] : [new GoldAnswer(context == Hostile ? Hostile : "1904", 0, null)],
            })
            .ToArray();
        var answers = rows.Select(
            (row, i) =>
                new PredictedAnswer(
                    row.Id,
                    i % 2 == 0 ? ""
                        : context == Hostile ? "<b>"
                        : "1904"
                )
                {
                    Probability = withScores ? i % 97 / 97.0 : null,
                    NoAnswerScore = withScores ? (i * 7 % 101) - 50.5 : null,
                    Windows = withScores ? 1 + (i % 5) : null,
                }
        );
        var set = PredictionSet.Of(context == Hostile ? Hostile : "answers.jsonl", answers);
        return Evaluator.Evaluate(rows, set, new() { ComparedWith = withScores ? set : null });
    }

    [Fact]
    public void A_large_report_is_one_small_page_with_all_plots_that_needs_nothing_else()
    {
        var page = EvaluationPage.Render(Report(12_000), "dev.json");

        Encoding.UTF8.GetByteCount(page).Should().BeLessThan(1_000_000);
        var root = Pages.Parsed(page);
        root.Descendants("svg").Should().HaveCount(8, "precision-recall, scores, reliability, coverage, four breakdowns");
        Pages.ShouldNeedNothingElse(page);
    }

    [Fact]
    public void Ids_within_the_page_are_unique_and_those_referred_to_are_there()
    {
        var root = Pages.Parsed(EvaluationPage.Render(Report(100), "dev.json"));

        Pages.ShouldHaveUniqueIds(root);
    }

    [Fact]
    public void Plots_have_their_words_and_the_font_for_them()
    {
        var page = EvaluationPage.Render(Report(100), "dev.json");
        var root = Pages.Parsed(page);

        var words = string.Join('|', root.Descendants("text").Select(text => text.Value));
        words
            .Should()
            .Contain("precision")
            .And.Contain("share that was right")
            .And.Contain("40 %")
            .And.Contain("question word")
            .And.Contain("when");
        root.Descendants("text").Attributes("font-family").Select(family => family.Value).Distinct().Should().Equal("DejaVu Sans");
        root.Descendants("text").Attributes().Where(a => a.Name.LocalName is "x" or "y").Should().NotContain(a => a.Value.EndsWith(", "));
        page.Should().Contain("@font-face { font-family: \"DejaVu Sans\"; src: url(data:font/ttf;base64,");
    }

    [Fact]
    public void Texts_of_others_stay_texts()
    {
        var page = EvaluationPage.Render(Report(20, Hostile), Hostile);

        page.Should().NotContainEquivalentOf("<script").And.NotContain("<img").And.NotContain("<b>alert").And.NotContain("\u0001");
        var root = Pages.Parsed(page);
        root.Descendants("title").Single().Value.Should().Contain("<script>alert(\"1\")</script>");
        root.Descendants("article").Should().NotBeEmpty().And.OnlyContain(article => article.Value.Contains("onerror='alert(2)'"));
    }

    [Fact]
    public void Where_nothing_but_texts_is_known_the_page_has_what_they_give()
    {
        var root = Pages.Parsed(EvaluationPage.Render(Report(4, withScores: false), "dev.json"));

        root.Descendants("svg").Should().HaveCount(3);
        root.Descendants("h2").Select(h => h.Value).Should().Equal("Official figures", "Where the figures come from", "Worst errors");
    }

    [Fact]
    public void Empty_elements_have_an_end_tag() => Pages.ShouldHaveEndTags(EvaluationPage.Render(Report(10), ""));

    [Fact]
    public void The_same_report_gives_the_same_bytes() =>
        EvaluationPage.Render(Report(300), "dev.json").Should().Be(EvaluationPage.Render(Report(300), "dev.json"));

    [Fact]
    public void The_licence_of_the_font_comes_along() =>
        typeof(EvaluationPage).Assembly.GetManifestResourceNames().Should().Contain(["DejaVuSans-subset.ttf", "LICENSE.txt"]);
}
