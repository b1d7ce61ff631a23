using CsCheck;
using XDistilTorch.Data;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;

namespace XDistilTorch.Evaluation;

public class JoinedContextsTests
{
    private const int LongestContext = 12;

    private static readonly BertTokenizer Tokenizer = BertTokenizer.Create([
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "oak",
        "who",
        "a",
        "b",
        "c",
    ]);

    private static readonly WindowOptions Options = new(MaxLength: 24, Stride: 5);

    private static readonly Gen<QuestionRow[]> Rows = Gen.Select(Gen.Int[1, LongestContext], Gen.Int[1, 4], Gen.Int[1, 3])
        .Array[1, 60]
        .Select(rows => rows.Select((row, i) => Row(i, row.Item1, row.Item2, row.Item3)).ToArray());

    // "!" times the number makes contexts differ; the vocabulary has no such token, so each is one unknown token.
    private static QuestionRow Row(int number, int words, int title, int questionWords) =>
        new()
        {
            Id = $"q{number}",
            Title = $"article {title}",
            Question = string.Join(' ', Enumerable.Repeat("who", questionWords)),
            Context = string.Join(' ', Enumerable.Repeat("oak", words - 1).Append($"x{number}")),
            Answers = [new GoldAnswer("oak", 0, new TextSpan(0, 3))],
        };

    [Fact]
    public void A_question_keeps_its_own_text_and_golds_and_gets_as_many_windows_as_wanted_while_there_are_texts() =>
        Gen.Select(Rows, Gen.Int[1, 12], Gen.Long)
            .Sample(
                (rows, wanted, seed) =>
                {
                    var joined = new JoinedContexts(rows, Tokenizer, Options, seed);
                    foreach (var (index, row) in rows.Index())
                    {
                        var longer = joined.Of(index, wanted);

                        var texts = longer.Context.Split('\n');
                        texts.Should().Contain(row.Context).And.OnlyHaveUniqueItems().And.BeSubsetOf(rows.Select(it => it.Context));
                        longer.Answers.Should().Equal(new GoldAnswer("oak", null, null));
                        (longer.Id, longer.Question, longer.Title).Should().Be((row.Id, row.Question, row.Title));
                        var windows = WindowBuilder.Build(Tokenizer, row.Question, longer.Context, Options).Count;
                        if (texts.Length < rows.Length)
                            windows.Should().BeGreaterThanOrEqualTo(wanted);
                        if (texts.Length > 1)
                            windows.Should().BeLessThanOrEqualTo(wanted + 1, "texts are shorter than a window brings of new tokens");
                    }
                },
                iter: 50
            );

    [Fact]
    public void Other_articles_come_first() =>
        Gen.Select(Rows, Gen.Int[2, 8])
            .Sample(
                (rows, wanted) =>
                {
                    var joined = new JoinedContexts(rows, Tokenizer, Options, 1);
                    var titles = rows.ToDictionary(row => row.Context, row => row.Title);
                    var texts = joined.Of(0, wanted).Context.Split('\n');
                    if (texts.Count(text => titles[text] == rows[0].Title) > 1)
                        titles.Keys.Where(text => titles[text] != rows[0].Title).Should().BeSubsetOf(texts);
                },
                iter: 50
            );

    [Fact]
    public void Chance_is_the_seeds_and_does_not_depend_on_the_order_of_the_rows()
    {
        QuestionRow[] rows = [.. Enumerable.Range(0, 40).Select(i => Row(i, 1 + (i % LongestContext), i % 4, 2))];
        QuestionRow[] reversed = [.. rows.Reverse()];

        JoinedContexts Of(QuestionRow[] own, long seed) => new(own, Tokenizer, Options, seed);
        string[] Sampled(QuestionRow[] own, long seed) => [.. Of(own, seed).Sample(9).Select(i => own[i].Id)];

        Sampled(rows, 1).Should().BeEquivalentTo(Sampled(reversed, 1)).And.HaveCount(9).And.NotBeEquivalentTo(Sampled(rows, 2));
        Of(rows, 1).Of(3, 5).Context.Should().Be(Of(reversed, 1).Of(36, 5).Context).And.NotBe(Of(rows, 2).Of(3, 5).Context);
        Of(rows, 1).Sample(1000).Should().Equal(Enumerable.Range(0, 40));
    }

    [Fact]
    public void The_own_text_stands_anywhere()
    {
        QuestionRow[] rows = [.. Enumerable.Range(0, 40).Select(i => Row(i, 4, i, 2))];
        var joined = new JoinedContexts(rows, Tokenizer, Options, 1);

        rows.Index()
            .Select(it => Array.IndexOf(joined.Of(it.Index, 4).Context.Split('\n'), it.Item.Context))
            .Distinct()
            .Count()
            .Should()
            .BeGreaterThan(5);
    }
}
