namespace XDistilTorch.Decoding;

public class CalibratedDecoderTests
{
    private const string Context = "Tea won. The tea";

    // [CLS] q [SEP] Tea won . The tea [SEP]
    private static readonly TextSpan[] Offsets =
    [
        default,
        default,
        default,
        new(0, 3),
        new(4, 7),
        new(7, 8),
        new(9, 12),
        new(13, 16),
        default,
    ];

    [Fact]
    public void The_probability_adds_up_what_is_the_same_answer()
    {
        // Scores: Tea 4, tea 3.5, "The tea" 1.75; all other logits far below.
        var window = Window([0, 0, 0, 2, -99, -99, 0, 1.75f, 0], [0, 0, 0, 2, -99, -99, -99, 1.75f, 0]);

        var decoding = Decode(window, topK: 9);

        decoding.Prediction!.Span.Should().Be(new TextSpan(0, 3));
        decoding.Prediction.Score.Should().Be(4);
        var total = new[] { 4d, 3.5, 1.75, 2 + 1.75, 0 }.Sum(Math.Exp);
        decoding.Prediction.Probability.Should().BeApproximately(Math.Exp(4) / total, 1e-12);
        decoding.Probability.Should().BeApproximately((Math.Exp(4) + Math.Exp(3.5) + Math.Exp(1.75)) / total, 1e-12);
    }

    [Fact]
    public void No_answer_adds_up_null_and_the_spans_that_normalise_to_nothing()
    {
        var window = Window([3, 0, 0, -99, -99, 1, 1, -99, 0], [3, 0, 0, -99, -99, 1, 1, 2, 0]);

        var decoding = Decode(window);

        decoding.Prediction.Should().BeNull();
        // ".", "The", ". The" are nothing; "The tea" and ". The tea" are not.
        var nothing = Math.Exp(6) + (3 * Math.Exp(2));
        decoding.Probability.Should().BeApproximately(nothing / (nothing + (2 * Math.Exp(3))), 1e-12);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(0.99, false)]
    public void Null_wins_only_strictly_above_the_threshold_whatever_the_temperature(double threshold, bool hasAnswer)
    {
        var window = Window([2.5f, 0, 0, 2, 0, 0, 0, 0, 0], [2.5f, 0, 0, 2, 0, 0, 0, 0, 0]);

        foreach (var temperature in new[] { 0.1, 1, 50 })
        {
            var options = new CalibratedDecoderOptions { NullThreshold = threshold, Temperature = temperature };
            var decoding = new CalibratedDecoder(options).Decode(Context, [window]);
            decoding.NullOdds.Should().Be(1);
            (decoding.Prediction is not null).Should().Be(hasAnswer);
        }
    }

    [Fact]
    public void The_highest_score_of_a_shared_span_counts_and_names_its_window()
    {
        var low = Window([0, 0, 0, 2, 0, 0, 0, 0, 0], [0, 0, 0, 2, 0, 0, 0, 0, 0]);
        var high = Window([0, 0, 0, 3, 0, 0, 0, 0, 0], [0, 0, 0, 3, 0, 0, 0, 0, 0]);

        var decoding = new CalibratedDecoder().Decode(Context, [low, high, high]);

        (decoding.Prediction!.Score, decoding.Prediction.Window).Should().Be((6, 1));
    }

    [Fact]
    public void Equal_spans_of_two_documents_are_two_and_their_equal_texts_one_answer()
    {
        var window = Window([0, 0, 0, 5, -99, -99, -99, -99, 0], [0, 0, 0, 5, -99, -99, -99, -99, 0]);
        var documents = new DocumentWindows[] { new(Context, [window]), new("tea wins, the pot", [window]) };

        var decoding = new CalibratedDecoder().Decode(documents, 2);

        decoding.Spans.Select(span => (span.Document, span.Span)).Should().Equal((0, new TextSpan(0, 3)), (1, new TextSpan(0, 3)));
        decoding.Spans[0].Probability.Should().BeApproximately(0.5, 1e-4);
        decoding.Probability.Should().BeApproximately(1, 1e-4);
    }

    [Fact]
    public void Equal_scores_are_ranked_by_place_in_every_run()
    {
        var window = Window(new float[9], new float[9]);

        var decodings = Enumerable.Range(0, 5).Select(_ => Decode(window, topK: 9)).ToArray();

        decodings[0].Spans.Select(span => span.Span).Should().Equal(Offsets[3..8]);
        decodings.Should().OnlyContain(it => it.Spans.SequenceEqual(decodings[0].Spans) && it.Probability == decodings[0].Probability);
    }

    [Fact]
    public void Spans_without_width_are_no_answer_and_not_listed()
    {
        TextSpan[] offsets = [default, new(1, 1), new(4, 7)];
        var window = new DecoderWindow(new float[] { -9, 9, 0 }, new float[] { -9, 9, 0 }, offsets, 1, 3);
        var options = new CalibratedDecoderOptions { MaxAnswerLength = 1 };

        var decoding = new CalibratedDecoder(options).Decode(Context, [window], 9);

        decoding.Spans.Should().ContainSingle().Which.Should().Be(decoding.Prediction);
        decoding.Prediction!.Probability.Should().BeApproximately(Math.Exp(-18), 1e-10);
        new CalibratedDecoder(options with { NullThreshold = -99 })
            .Decode(Context, [window])
            .Probability.Should()
            .BeApproximately(1, 1e-7, "the span without width says no answer");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_context_without_tokens_has_no_answer_with_certainty(bool allowNoAnswer)
    {
        var window = new DecoderWindow(new float[3], new float[3], new TextSpan[3], 2, 2);

        var decoding = new CalibratedDecoder(new CalibratedDecoderOptions { AllowNoAnswer = allowNoAnswer }).Decode("\u200b", [window], 3);

        decoding.Prediction.Should().BeNull();
        decoding.Spans.Should().BeEmpty();
        decoding.Probability.Should().Be(1);
        decoding.NullOdds.Should().BeNull();
    }

    [Theory]
    [InlineData(1e30f, 1e-3)]
    [InlineData(1000, 1)]
    [InlineData(-1000, 1)]
    [InlineData(-1e30f, 1e300)]
    public void Extreme_logits_and_temperatures_still_give_probabilities(float logit, double temperature)
    {
        var window = Window([0, 0, 0, logit, 0, 0, 0, 0, 0], [0, 0, 0, logit, 0, 0, 0, 0, 0]);

        var decoding = new CalibratedDecoder(new CalibratedDecoderOptions { Temperature = temperature }).Decode(Context, [window], 9);

        decoding.Probability.Should().BeInRange(0, 1 + 1e-12);
        decoding.Spans.Should().OnlyContain(span => span.Probability >= 0 && span.Probability <= 1);
    }

    [Theory]
    [InlineData(0, 0, 30)]
    [InlineData(-1, 0, 30)]
    [InlineData(double.NaN, 0, 30)]
    [InlineData(double.PositiveInfinity, 0, 30)]
    [InlineData(1, double.NaN, 30)]
    [InlineData(1, 0, 0)]
    public void Senseless_options_are_refused(double temperature, double threshold, int maxAnswerLength)
    {
        var options = new CalibratedDecoderOptions
        {
            Temperature = temperature,
            NullThreshold = threshold,
            MaxAnswerLength = maxAnswerLength,
        };

        FluentActions.Invoking(() => new CalibratedDecoder(options)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void What_cannot_be_decoded_is_refused_by_place()
    {
        var decoder = new CalibratedDecoder();
        var good = new DocumentWindows(Context, [Window(new float[9], new float[9])]);
        var bad = new DocumentWindows(Context, [.. good.Windows, Window(new float[9], [0, 0, 0, float.NaN, 0, 0, 0, 0, 0])]);

        decoder
            .Invoking(it => it.Decode([good, bad]))
            .Should()
            .Throw<DecodingException>()
            .WithMessage("document 1, window 1: the end logit of token 3 is NaN*");
        decoder.Invoking(it => it.Decode(bad.Context, bad.Windows)).Should().Throw<DecodingException>().WithMessage("window 1: *");
        decoder.Invoking(it => it.Decode("Tea", good.Windows)).Should().Throw<ArgumentException>().WithMessage("*4..7*context of 3*");
        decoder.Invoking(it => it.Decode(Context, [])).Should().Throw<ArgumentException>();
        decoder.Invoking(it => it.Decode([])).Should().Throw<ArgumentException>();
        decoder.Invoking(it => it.Decode([good], 0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static CalibratedDecoding Decode(DecoderWindow window, int topK = 1) => new CalibratedDecoder().Decode(Context, [window], topK);

    private static DecoderWindow Window(float[] starts, float[] ends) => new(starts, ends, Offsets, 3, 8);
}
