namespace XDistilTorch.Decoding;

public class SquadDecoderTests
{
    // [CLS] q [SEP] a b c [SEP]
    private static readonly TextSpan[] Offsets = [default, default, default, new(0, 1), new(2, 3), new(4, 5), default];

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.MaxValue)]
    public void Logits_that_cannot_be_added_are_refused_by_place(float logit)
    {
        var good = Window([0, 0, 0, 1, 2, 3, 0], [0, 0, 0, 1, 2, 3, 0]);
        var bad = Window([0, 0, 0, 1, 2, 3, 0], [0, 0, 0, 1, logit, 3, 0]);

        var decode = () => new SquadDecoder().Decode([good, bad]);

        decode.Should().Throw<DecodingException>().WithMessage("window 1: the end logit of token 4 is *diverged*");
    }

    [Fact]
    public void Without_windows_there_is_nothing_to_decode() =>
        new SquadDecoder().Invoking(decoder => decoder.Decode([])).Should().Throw<ArgumentException>().WithMessage("*without windows*");

    [Fact]
    public void Only_widthless_spans_mean_no_answer_where_the_reference_fails()
    {
        TextSpan[] widthless = [default, default, default, new(1, 1), new(2, 2), new(4, 4), default];
        var window = new DecoderWindow(new float[] { 0, 0, 0, 5, 0, 0, 0 }, new float[] { 0, 0, 0, 5, 0, 0, 0 }, widthless, 3, 6);
        var options = new SquadDecoderOptions { MaxAnswerLength = 1 };

        var decoding = new SquadDecoder(options).Decode([window]);

        decoding.Prediction.Should().BeNull();
        decoding.NullOdds.Should().BeNull();
        decoding.NullScore.Should().Be(0);
    }

    [Fact]
    public void A_widthless_span_at_the_very_start_passes_for_null_as_in_the_reference()
    {
        TextSpan[] offsets = [default, default, default, new(0, 0), new(0, 1), new(2, 3), default];
        var window = new DecoderWindow(new float[] { -9, 0, 0, 5, 4, 0, 0 }, new float[] { -9, 0, 0, 5, 4, 0, 0 }, offsets, 3, 6);

        var decoding = new SquadDecoder(new SquadDecoderOptions { NBestSize = 2, MaxAnswerLength = 1 }).Decode([window]);

        decoding.NBest.Should().HaveCount(2).And.OnlyContain(entry => entry.Kind == SquadEntryKind.Span);
        decoding.NullScore.Should().Be(-18);
    }

    [Fact]
    public void The_null_score_is_the_smallest_of_all_windows_and_names_the_first()
    {
        var high = Window([3, 0, 0, 1, 2, 3, 0], [3, 0, 0, 1, 2, 3, 0]);
        var low = Window([1, 0, 0, 1, 2, 3, 0], [0.5f, 0, 0, 1, 2, 3, 0]);

        var decoding = new SquadDecoder().Decode([high, low, low]);

        decoding.NullScore.Should().Be(1.5f);
        decoding.NBest.Single(entry => entry.Kind == SquadEntryKind.NoAnswer).Window.Should().Be(1);
    }

    [Fact]
    public void Always_answering_takes_no_answer_out_of_list_and_softmax()
    {
        var window = Window([9, 0, 0, 1, 2, 3, 0], [9, 0, 0, 1, 2, 3, 0]);

        var decoding = new SquadDecoder(new SquadDecoderOptions { AllowNoAnswer = false }).Decode([window]);

        decoding.NBest.Should().OnlyContain(entry => entry.Kind == SquadEntryKind.Span);
        decoding.Prediction!.Span.Should().Be(new TextSpan(4, 5));
        decoding.NullScore.Should().BeNull();
        decoding.NBest.Sum(entry => entry.Probability).Should().BeApproximately(1, 1e-12);
    }

    [Fact]
    public void Lists_may_be_longer_than_any_window()
    {
        var window = Window([0, 0, 0, 1, 2, 3, 0], [0, 0, 0, 1, 2, 3, 0]);

        var decoding = new SquadDecoder(new SquadDecoderOptions { NBestSize = int.MaxValue }).Decode([window]);

        decoding.NBest.Should().HaveCount(7, "three tokens have six spans, and there is no answer");
    }

    [Theory]
    [InlineData(0, 30, 0f)]
    [InlineData(20, 0, 0f)]
    [InlineData(20, 30, float.NaN)]
    public void Senseless_options_are_refused(int nBestSize, int maxAnswerLength, float threshold)
    {
        var options = new SquadDecoderOptions
        {
            NBestSize = nBestSize,
            MaxAnswerLength = maxAnswerLength,
            NullThreshold = threshold,
        };

        FluentActions.Invoking(() => new SquadDecoder(options)).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static DecoderWindow Window(float[] starts, float[] ends) => new(starts, ends, Offsets, 3, 6);
}
