namespace XDistilTorch.Decoding;

public class PipelineDecoderTests
{
    // [CLS] q [SEP] Tea tea won [SEP]
    private const string Context = "Tea tea won";
    private static readonly TextSpan[] Offsets = [default, new(0, 1), default, new(0, 3), new(4, 7), new(8, 11), default];

    [Fact]
    public void Equal_texts_add_up_at_the_first_place_whatever_their_case()
    {
        var window = Window([0, 0, 0, 4, 5, 0, 0], [0, 0, 0, 4, 5, 0, 0]);

        var decoding = new PipelineDecoder(new PipelineDecoderOptions { TopK = 4, MaxAnswerLength = 1 }).Decode(Context, [window, window]);

        var best = decoding.Entries[0];
        (best.Text, best.Span, best.Window).Should().Be(("tea", new TextSpan(4, 7), 0), "the higher of the two comes first");
        best.Score.Should().BeGreaterThan(1);
        decoding.Entries.Should().NotContain(entry => entry.Text == "Tea");
    }

    [Fact]
    public void Texts_that_only_dotnet_takes_for_equal_stay_apart()
    {
        // Python: "\u0130" is "i" and a dot above; ToLowerInvariant and OrdinalIgnoreCase know other equals.
        const string context = "\u0130 i\u0307 i";
        TextSpan[] offsets = [default, new(0, 1), new(2, 4), new(5, 6)];
        var window = new DecoderWindow(new float[] { 0, 3, 2, 1 }, new float[] { 0, 3, 2, 1 }, offsets, 1, 4);

        var entries = new PipelineDecoder(new PipelineDecoderOptions { TopK = 9, MaxAnswerLength = 1 }).Decode(context, [window]).Entries;

        entries.Where(entry => entry.Span is not null).Select(entry => entry.Text).Should().Equal("\u0130", "i");
    }

    [Fact]
    public void Without_word_ids_nothing_is_widened_and_with_them_whole_words_are()
    {
        TextSpan[] offsets = [default, new(0, 2), new(2, 3), new(4, 7), new(8, 11)];
        var logits = new float[] { 0, 0, 9, 0, 0 };
        var plain = new DecoderWindow(logits, logits, offsets, 1, 5);
        var known = new DecoderWindow(logits, logits, offsets, 1, 5) { WordIds = new[] { -1, 0, 0, 1, 2 } };

        new PipelineDecoder().Decode(Context, [plain]).Entries[0].Text.Should().Be("a");
        new PipelineDecoder().Decode(Context, [known]).Entries[0].Text.Should().Be("Tea");
        new PipelineDecoder(new PipelineDecoderOptions { AlignToWords = false }).Decode(Context, [known]).Entries[0].Text.Should().Be("a");
    }

    [Fact]
    public void A_class_token_in_the_question_may_point_past_the_end_of_a_short_context()
    {
        TextSpan[] offsets = [default, new(20, 25), default, new(0, 3)];
        var window = new DecoderWindow(new float[] { 0, 9, 0, 1 }, new float[] { 0, 9, 0, 1 }, offsets, 3, 4)
        {
            WordIds = new[] { -1, 6, -1, 0 },
            SpelledClassTokens = [1],
        };
        var decoding = new PipelineDecoder(new PipelineDecoderOptions { TopK = 5 }).Decode("Tea", [window]);

        var answer = new AnswerBuilder("Tea").FromPipeline("[CLS]?", decoding);

        decoding.Entries[0].Text.Should().BeEmpty("that is what Python's slice gives");
        answer.HasAnswer.Should().BeFalse();
        answer.Answers.Select(span => span.Text).Should().Equal("Tea");
    }

    [Fact]
    public void The_null_score_is_the_smallest_product_of_all_windows()
    {
        var sure = Window([9, 0, 0, 0, 0, 0, 0], [9, 0, 0, 0, 0, 0, 0]);
        var unsure = Window([0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0]);

        var decoding = new PipelineDecoder().Decode(Context, [sure, unsure, sure]);

        decoding.NullScore.Should().BeApproximately(1 / 16d, 1e-12, "[CLS] and three tokens of the context share the softmax");
    }

    [Fact]
    public void Where_only_forbidden_positions_win_the_list_is_empty_and_the_answer_none()
    {
        var window = Window([-20000, 0, 0, -20000, -20000, -20000, 0], [-20000, 0, 0, -20000, -20000, -20000, 0]);

        var decoding = new PipelineDecoder(new PipelineDecoderOptions { AllowNoAnswer = false }).Decode(Context, [window]);
        var answer = new AnswerBuilder(Context).FromPipeline("Who?", decoding);

        decoding.Entries.Should().BeEmpty();
        (answer.HasAnswer, answer.Score, answer.NullScore).Should().Be((false, null, null));
    }

    [Fact]
    public void Logits_that_are_no_numbers_and_windows_of_another_text_are_refused()
    {
        var decoder = new PipelineDecoder();
        var window = Window(new float[7], new float[7]);

        decoder
            .Invoking(it => it.Decode(Context, [Window([0, 0, float.NaN, 0, 0, 0, 0], new float[7])]))
            .Should()
            .Throw<DecodingException>();
        decoder.Invoking(it => it.Decode("Tea", [window])).Should().Throw<ArgumentException>().WithMessage("*4..7*context of 3*");
        decoder.Invoking(it => it.Decode(Context, [])).Should().Throw<ArgumentException>();
    }

    private static DecoderWindow Window(float[] starts, float[] ends) => new(starts, ends, Offsets, 3, 6);
}
