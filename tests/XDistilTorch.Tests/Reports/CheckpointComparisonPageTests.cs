using System.Xml.Linq;
using XDistilTorch.Data;
using XDistilTorch.Evaluation;
using XDistilTorch.Inspection.Comparison;
using XDistilTorch.Reports;

namespace XDistilTorch.Tests.Reports;

public class CheckpointComparisonPageTests
{
    private const int Layers = 3,
        Heads = 4;

    private static Answer Answered(string text, string context)
    {
        var at = text.Length == 0 ? -1 : context.LastIndexOf(text, StringComparison.Ordinal);
        return new Answer
        {
            Question = "",
            Text = text,
            Score = 3,
            Probability = 0.5,
            StartUtf16 = at < 0 ? null : at,
            EndUtf16 = at < 0 ? null : at + text.Length,
            NullScore = 1,
            Decoder = "squad",
            Answers = [],
        };
    }

    private static QuestionComparison Question(int i, string context, string before, string after, GoldAnswer[]? gold)
    {
        AnswerScore? Score(string text) => gold is null ? null : Squad2Metrics.Score(text, [.. gold.Select(answer => answer.Text)]);
        return new QuestionComparison
        {
            Row = new QuestionRow
            {
                Id = $"q{i}",
                Question = context == Pages.Hostile ? Pages.Hostile : $"When was the oak planted, {i}?",
                Context = context,
                Answers = gold,
            },
            Windows = 1,
            Similarity = [1, 0.99, 0.97, 0.9 - (0.01 * i)],
            Divergence =
            [
                .. Enumerable.Range(0, Layers).Select(layer => Enumerable.Range(0, Heads).Select(head => layer * head * 0.01).ToArray()),
            ],
            AnswerDivergence = i * 0.01,
            Before = new ComparedAnswer(Answered(before, context), Score(before)),
            After = new ComparedAnswer(Answered(after, context), Score(after)),
        };
    }

    private static ComparisonSummary Summary(IEnumerable<QuestionComparison> questions, double distance = 0.5)
    {
        var builder = new ComparisonSummaryBuilder([
            new ParameterMovement("bert.encoder.layer.1.attention.self.query.weight", distance, 2),
            new ParameterMovement("qa_outputs.bias", distance, 0),
        ]);
        foreach (var question in questions)
            builder.Add(question);
        return builder.Build();
    }

    private const string Context =
        "In 1904 nobody lived here. The oak by the mill was planted in 1904 by Anna Holm, whose house stood where the road is now.";

    private static ComparisonSummary Usual(int questions = 9) =>
        Summary(
            Enumerable
                .Range(0, questions)
                .Select(i =>
                    Question(i, Context, i % 3 == 0 ? "1904" : "", i % 3 == 1 ? "1904" : "Anna Holm", [new GoldAnswer("1904", null, null)])
                )
        );

    private static string Render(ComparisonSummary summary) =>
        CheckpointComparisonPage.Render(summary, "models/before", "models/after", "dev.json");

    [Fact]
    public void Layers_with_fewer_heads_and_with_none_have_empty_cells()
    {
        var question = Question(0, Context, "1904", "", null) with
        {
            Divergence =
            [
                [0.1, 0.2, 0.3],
                [],
                [0.4],
            ],
        };

        var rows = Pages
            .Parsed(Render(Summary([question])))
            .Descendants("table")
            .First(table => table.Attribute("class")?.Value == "heat")
            .Descendants("tr")
            .Select(row => string.Join('|', row.Elements().Select(cell => cell.Value)));

        rows.Should().Equal("layer|head 0|head 1|head 2|mean", "0|100|200|300|200", "2|400|||400");
        question.MeanDivergence.Should().BeApproximately(0.25, 1e-12);
        Pages.ShouldHaveEndTags(
            Render(
                Summary([
                    question with
                    {
                        Divergence =
                        [
                            [],
                            [],
                        ],
                    },
                ])
            )
        );
    }

    [Fact]
    public void The_page_has_every_section_and_needs_nothing_else()
    {
        var page = Render(Usual());

        Pages.ShouldNeedNothingElse(page);
        Pages.ShouldHaveEndTags(page);
        var root = Pages.Parsed(page);
        Pages.ShouldHaveUniqueIds(root);
        root.Descendants("h1").Single().Value.Should().Be("before \u2192 after");
        root.Descendants("h2")
            .Select(h => h.Value)
            .Should()
            .Equal("Hidden states", "Attention", "Parameters", "Answers that changed", "Where most moved");
        root.Descendants("h3").Select(h => h.Value).Should().Contain(["Now right", "Now wrong", "As right as before"]);
        root.Descendants("svg").Single().Attribute("aria-label")!.Value.Should().Contain("Cosine");
        foreach (var note in new[] { HiddenSimilarity.Note, AttentionDivergence.Note, ParameterMovement.Note, AnswerDivergence.Note })
            page.Should().Contain(note, "a measure says what it can and cannot show");
        Render(Usual()).Should().Be(page, "the same summary gives the same bytes");
    }

    [Fact]
    public void Every_cell_of_the_heat_map_is_its_number_on_a_ground_of_its_share()
    {
        var heat = Pages.Parsed(Render(Usual())).Descendants("table").First(table => (string?)table.Attribute("class") == "heat");

        var rows = heat.Descendants("tbody").Elements("tr").ToList();
        rows.Should().HaveCount(Layers).And.OnlyContain(row => row.Elements("td").Count() == Heads + 1, "each head, and their mean");
        var most = rows[2].Elements("td").ElementAt(3);
        (string?, string?, string?) Seen(XElement cell) => (cell.Value, (string?)cell.Attribute("style"), (string?)cell.Attribute("class"));
        Seen(most).Should().Be(("60.0", "--v:1", "strong"));
        Seen(rows[1].Elements("td").ElementAt(3)).Should().Be(("30.0", "--v:0.5", null));
        heat.Descendants("th").Should().OnlyContain(head => head.Attribute("scope") != null, "a screen reader names row and column");
    }

    [Fact]
    public void An_answer_is_marked_where_it_is_and_not_where_its_words_stand_too()
    {
        var article = Pages.Parsed(Render(Summary([Question(0, Context, "1904", "Anna Holm", null)]))).Descendants("article").First();

        var excerpt = article.Elements("p").Single(p => (string?)p.Attribute("class") == "context");
        excerpt.Value.Should().Be(Context, "a short text is there as a whole");
        excerpt
            .Elements("mark")
            .Select(mark => (mark.Value, mark.Attribute("class")!.Value))
            .Should()
            .Equal(("1904", "before"), ("Anna Holm", "after"));
        string.Concat(excerpt.Nodes().TakeWhile(node => node is XText)).Should().EndWith("was planted in ");
    }

    [Fact]
    public void Answers_that_overlap_or_lie_far_apart_are_all_marked()
    {
        var context = $"{Context} {string.Join(' ', Enumerable.Repeat("The road goes on.", 60))} The elm is younger.";
        GoldAnswer[] gold =
        [
            GoldAnswer.Of(
                context,
                new TextSpan(context.IndexOf("Anna", StringComparison.Ordinal), context.IndexOf("Anna", StringComparison.Ordinal) + 9)
            ),
        ];
        var article = Pages.Parsed(Render(Summary([Question(0, context, "by Anna Holm", "The elm", gold)]))).Descendants("article").First();

        var excerpt = article.Elements("p").Single(p => (string?)p.Attribute("class") == "context");
        excerpt
            .Elements("mark")
            .Select(mark => (mark.Value, mark.Attribute("class")!.Value))
            .Should()
            .Equal(("by ", "before"), ("Anna Holm", "expected before"), ("The elm", "after"));
        excerpt.Value.Should().Contain(" \u2026 ").And.NotContain(context, "what lies between is left out");
    }

    [Fact]
    public void Texts_of_others_stay_texts()
    {
        var summary = Summary([Question(1, Pages.Hostile, "", "<img src=x", [new GoldAnswer(Pages.Hostile, null, null)])]);

        var page = CheckpointComparisonPage.Render(summary, Pages.Hostile, "after", Pages.Hostile);

        page.Should().NotContainEquivalentOf("<script").And.NotContain("<img").And.NotContain("\u0001");
        Pages.Parsed(page).Descendants("article").Should().NotBeEmpty().And.OnlyContain(a => a.Value.Contains("<script>alert(\"1\")"));
    }

    [Fact]
    public void A_model_beside_itself_gives_a_page_that_says_so()
    {
        var summary = Summary([Question(0, Context, "1904", "1904", null)], distance: 0);

        var page = CheckpointComparisonPage.Render(summary, "a/model", "b/model", "one question");

        page.Should().Contain("these are the same model").And.Contain("No question is answered otherwise.");
        Pages.Parsed(page).Descendants("h1").Single().Value.Should().Be("a/model \u2192 b/model", "one name would tell nothing apart");
    }

    [Fact]
    public void Many_questions_make_the_page_no_longer() => Render(Usual(3000)).Length.Should().BeLessThan(Render(Usual(90)).Length + 2000);
}
