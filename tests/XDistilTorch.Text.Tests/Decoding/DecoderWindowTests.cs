using XDistilTorch.Windows;

namespace XDistilTorch.Decoding;

public class DecoderWindowTests
{
    [Fact]
    public void A_mapping_may_have_holes_anywhere()
    {
        TextSpan?[] offsets = [null, new(0, 1), null, new(2, 3), null];

        var window = DecoderWindow.FromMapping(new float[6], new float[6], offsets);

        Enumerable.Range(0, 6).Where(window.MayStart).Should().Equal(1, 3);
        Enumerable.Range(0, 6).Where(window.MayEnd).Should().Equal(1, 3);
    }

    [Fact]
    public void A_mapping_may_have_no_context_at_all()
    {
        var window = DecoderWindow.FromMapping(new float[3], new float[3], new TextSpan?[3]);

        Enumerable.Range(0, 3).Should().NotContain(token => window.MayStart(token) || window.MayEnd(token));
    }

    [Fact]
    public void Max_context_restricts_where_answers_start_but_not_where_they_end()
    {
        bool[] isMaxContext = [true, false, true, true];

        var window = new DecoderWindow(new float[4], new float[4], new TextSpan[4], 1, 3, isMaxContext);

        Enumerable.Range(0, 4).Where(window.MayStart).Should().Equal(2);
        Enumerable.Range(0, 4).Where(window.MayEnd).Should().Equal(1, 2);
    }

    [Theory]
    [InlineData(4, 3, 3, 0, 3, 0)]
    [InlineData(0, 0, 0, 0, 0, 0)]
    [InlineData(3, 3, 4, 0, 3, 0)]
    [InlineData(3, 3, 3, 2, 1, 0)]
    [InlineData(3, 3, 3, 1, 4, 0)]
    [InlineData(3, 3, 3, -1, 2, 0)]
    [InlineData(3, 3, 3, 1, 2, 2)]
    public void Lengths_and_places_that_do_not_fit_are_refused(
        int starts,
        int ends,
        int offsets,
        int contextStart,
        int contextEnd,
        int flags
    )
    {
        var create = () =>
            new DecoderWindow(new float[starts], new float[ends], new TextSpan[offsets], contextStart, contextEnd, new bool[flags]);

        create.Should().Throw<ArgumentException>().WithMessage("*expected*");
    }

    [Fact]
    public void A_window_of_the_tokenizer_brings_its_words_and_the_class_tokens_that_the_question_spells()
    {
        const int cls = 101;
        var tokens = new TokenWindow
        {
            Index = 0,
            Ids = [cls, 7, cls, 102, cls, 8, 102],
            TypeIds = new int[7],
            ContextStart = 4,
            ContextEnd = 6,
            Offsets = new TextSpan[7],
            WordIds = [-1, 0, 1, -1, 0, 1, -1],
            SequenceIds = [-1, 0, 0, -1, 1, 1, -1],
        };

        var window = DecoderWindow.FromTokens(tokens, new float[8], new float[8], cls);

        (window.ContextStart, window.ContextEnd).Should().Be((4, 6));
        window.SpelledClassTokens.Should().Equal([2], "token 0 is the window's own, token 4 one of the context");
        window.WordIds.ToArray().Should().Equal(tokens.WordIds);
    }

    [Fact]
    public void Word_ids_that_do_not_fit_are_refused() =>
        FluentActions
            .Invoking(() => new DecoderWindow(new float[3], new float[3], new TextSpan[3], 1, 2) { WordIds = new int[2] })
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("2 word ids for 3 offsets*");
}
