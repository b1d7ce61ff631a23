using System.Text;
using System.Xml.Linq;
using XDistilTorch.Reports;
using XDistilTorch.Training;

namespace XDistilTorch.Tests.Reports;

public class TrainingPageTests
{
    private static XElement Page(TrainingOutcome outcome) => Pages.Parsed(TrainingPage.Render(outcome));

    private static IEnumerable<string> Texts(XElement root, string name) => root.Descendants(name).Select(element => element.Value);

    [Fact]
    public void A_long_training_is_one_small_page_with_all_plots_that_needs_nothing_else()
    {
        var page = TrainingPage.Render(Trainings.Of(steps: 100_000, evaluations: 2_001, changed: 5_000));

        Encoding.UTF8.GetByteCount(page).Should().BeLessThan(500_000);
        Pages.ShouldNeedNothingElse(page);
        Pages.ShouldHaveEndTags(page);
        var root = Pages.Parsed(page);
        Pages.ShouldHaveUniqueIds(root);
        Texts(root, "figcaption")
            .Should()
            .HaveCount(4)
            .And.Contain(caption =>
                caption.Contains("from the least to the greatest of every 250 steps; line: the mean of the 2,501 steps around")
            )
            .And.Contain(caption => caption.Contains("one evaluation of 6"));
    }

    [Fact]
    public void The_result_stands_beside_the_model_before()
    {
        var root = Page(Trainings.Of(steps: 400));

        var cards = root.Descendants("div").Where(div => (string?)div.Attribute("class") == "card").Select(card => card.Value);
        cards
            .Should()
            .Equal(
                "exact match42.00 → 70.63+30.00 (+27.42 to +32.75)",
                "F148.00 → 77.62+28.00 (+25.59 to +30.50)",
                "loss on development questions4.10 → 1.38−2.72"
            );
        root.Value.Should()
            .Contain("from e5-small-v2-squad2, trained on arden-train.jsonl, judged by arden-dev.jsonl (1,200 questions)")
            .And.Contain("21,294,722 of 33,212,162 parameters trained (64.1 %)")
            .And.Contain("The weights are those after step 350 of 400")
            .And.Contain("Only the model before is right on 0 questions, only the trained one on 360; McNemar's exact test: p < 0.0001.");
        Texts(root, "td").Should().Contain(["350 (kept)", "learning_rate", "5e-5", "teacher", "bert-large"]).And.NotContain("max_steps");
    }

    [Fact]
    public void Answers_that_changed_come_in_groups_and_no_group_takes_all_the_room()
    {
        var root = Page(Trainings.Of(steps: 10, changed: 100));

        root.Value.Should()
            .Contain(
                "Answered otherwise than before: 100 of 1,200 development questions. By exact match, now right: 50, now wrong: 25, unchanged: 25."
            );
        Texts(root, "h3")
            .Should()
            .Equal("Now right: the first 14 of 50", "Now wrong: the first 13 of 25", "Exact match unchanged: the first 13 of 25");
        root.Descendants("article").Should().HaveCount(40);
        var first = root.Descendants("article").First();
        first.Value.Should().Contain("before: the village council").And.Contain("now: Ilse Brandt").And.Contain("expected: Ilse Brandt");
        first
            .Descendants("mark")
            .Select(mark => (mark.Value, (string?)mark.Attribute("class")))
            .Should()
            .Equal(("Ilse Brandt", null), ("the village council", "wrong"));
    }

    [Fact]
    public void Room_that_a_group_does_not_need_goes_to_the_others()
    {
        var outcome = Trainings.Of(steps: 10, changed: 100);
        var root = Page(
            outcome with
            {
                Changed = [.. outcome.Changed.Where(answer => answer.ScoreAfter.Exact == 1).Take(39), outcome.Changed[2]],
            }
        );

        Texts(root, "h3").Should().Equal("Now right: 39", "Now wrong: 1");
        root.Descendants("article").Should().HaveCount(40);
    }

    [Fact]
    public void Without_development_questions_their_sections_are_not_there()
    {
        var root = Page(Trainings.Of(steps: 100, evaluations: 0, changed: 0));

        Texts(root, "h2").Should().Equal("Step by step", "Settings");
        root.Descendants("svg").Should().HaveCount(3, "loss, learning rate, gradients");
        root.Value.Should().Contain("without development questions").And.NotContain("dropout.");
    }

    [Fact]
    public void When_no_answer_changed_the_page_says_so() =>
        Page(Trainings.Of(steps: 10, changed: 0)).Value.Should().Contain("No development question is answered otherwise than before.");

    [Theory, InlineData(0, 0), InlineData(0, 1), InlineData(1, 1), InlineData(1, 2), InlineData(2, 3)]
    public void Short_trainings_have_a_page_too(int steps, int evaluations) =>
        Texts(Page(Trainings.Of(steps, evaluations, changed: 0) with { BaseModel = null }), "p")
            .Should()
            .Contain(text => text.StartsWith("from random weights"));

    [Fact]
    public void Texts_of_others_stay_texts()
    {
        var page = TrainingPage.Render(Trainings.Of(steps: 20, text: Pages.Hostile));

        page.Should().NotContainEquivalentOf("<script").And.NotContain("<img").And.NotContain("\u0001");
        Pages.ShouldHaveEndTags(page);
        var root = Pages.Parsed(page);
        root.Descendants("title").Single().Value.Should().Contain("<script>alert(\"1\")</script>");
        root.Descendants("article").Should().NotBeEmpty().And.OnlyContain(article => article.Value.Contains("onerror='alert(2)'"));
    }

    [Fact]
    public void The_same_outcome_gives_the_same_bytes() =>
        TrainingPage.Render(Trainings.Of(1_000)).Should().Be(TrainingPage.Render(Trainings.Of(1_000)));
}
