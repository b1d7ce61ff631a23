using XDistilTorch.Engines;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Tests.Inspection.Attribution;

public sealed class TokenUnitTests(ModelFolder folder) : IClassFixture<ModelFolder>
{
    private const string Question = "who repaired the zebra?",
        Context = "the clock was zebra. Café by osei! the";

    private InspectedWindow Window(string context)
    {
        using var answerer = QuestionAnswerer.FromPretrained(folder.Path);
        return InspectedQuestion.Of(answerer, Question, context, null, TestContext.Current.CancellationToken).Windows[0];
    }

    [Theory]
    [InlineData(TokenUnitKind.Word, "who|repaired|the|zebra|?|the|clock|was|zebra|.|Café|by|osei|!|the")]
    [InlineData(TokenUnitKind.Sentence, "who|repaired|the|zebra|?|the clock was zebra.|Café by osei!|the")]
    [InlineData(TokenUnitKind.Token, "who|repaired|the|z|e|b|r|a|?|the|clock|was|z|e|b|r|a|.|C|a|f|é|by|osei|!|the")]
    public void Units_are_stretches_of_question_and_context(TokenUnitKind kind, string expected)
    {
        var window = Window(Context);

        var units = TokenUnit.Of(window, kind);

        string.Join('|', units.Select(unit => unit.Place.Of(unit.InContext ? window.Context : window.Question))).Should().Be(expected);
        units.SelectMany(unit => unit.Positions).Should().OnlyHaveUniqueItems().And.HaveCount(window.Length - 3, "but special tokens");
    }

    [Fact]
    public void Sentences_that_are_too_long_are_cut_and_every_token_is_in_one()
    {
        var window = Window(string.Join(' ', Enumerable.Repeat("the clock was by osei", 200)));

        var units = TokenUnit.Of(window, TokenUnitKind.Sentence);

        units.Where(unit => unit.InContext).Sum(unit => unit.Tokens.Length).Should().Be(window.ContextTokens.Length);
    }

    [Fact]
    public void A_unit_has_what_its_tokens_have()
    {
        var attribution = new TokenAttribution("made", LogitTarget.Null, [1, 2, 4, 8], 0, null);

        new TokenUnit(new TokenSpan(1, 2), true, default).ValueIn(attribution).Should().Be(6);
    }

    [Fact]
    public void The_baseline_keeps_special_tokens()
    {
        var window = Window("the clock");

        BaselineIds
            .Of(window.Tokens, 4)
            .Should()
            .Equal(
                window.Pieces.Select(piece =>
                    piece is "[CLS]" ? 2
                    : piece is "[SEP]" ? 3
                    : 4
                )
            );
    }

    [Fact]
    public void The_best_span_is_that_of_the_highest_score_within_the_context()
    {
        var window = Window("the clock was by osei");
        var context = window.ContextTokens;
        float[] start = new float[window.Length],
            end = new float[window.Length];
        (start[0], end[0]) = (99, 99); // [CLS] is no span
        (start[context.First + 1], end[context.First + 3], end[context.First]) = (5, 4, 9); // the end before the start is none either

        BestSpan.In(window, new WindowLogits(start, end)).Should().Be(new TokenSpan(context.First, context.First));
        BestSpan
            .In(window, new WindowLogits(start, new float[window.Length]), longest: 1)
            .Should()
            .Be(new TokenSpan(context.First + 1, context.First + 1));
        end[context.First] = 0;
        BestSpan.In(window, new WindowLogits(start, end)).Should().Be(new TokenSpan(context.First + 1, context.First + 3));
        BestSpan.In(window, new WindowLogits(start, end), longest: 2).Length.Should().Be(1);
    }
}
