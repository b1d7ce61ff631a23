using CsCheck;
using XDistilTorch.Evaluation;

namespace XDistilTorch.Decoding;

public class CalibratedDecoderPropertyTests
{
    private static readonly Gen<CalibratedDecoderOptions> Options =
        from temperature in Gen.Int[1, 12]
        from threshold in Gen.Int[-8, 8]
        from maxAnswerLength in Gen.Int[1, 15]
        from allowNoAnswer in Gen.Bool
        select new CalibratedDecoderOptions
        {
            Temperature = temperature / 4d,
            NullThreshold = threshold / 4d,
            MaxAnswerLength = maxAnswerLength,
            AllowNoAnswer = allowNoAnswer,
        };

    private static readonly Gen<DocumentWindows[]> Documents = DecoderExamples
        .Any.Select(example => new DocumentWindows(example.Context, example.Windows))
        .Array[1, 4];

    [Fact]
    public void Everything_is_what_the_definition_says() =>
        Gen.Select(Documents, Options, Gen.Int[1, 12])
            .Sample(
                (documents, options, k) =>
                {
                    var expected = new CalibratedDefinition(documents, options);

                    var decoding = new CalibratedDecoder(options).Decode(documents, k);

                    decoding.Spans.Select(Key).Should().Equal(expected.List(k).Select(span => (span.Document, span.Span, span.Score)));
                    foreach (var span in decoding.Spans)
                        span.Probability.Should().BeApproximately(expected.P(span.Score), 1e-12);
                    decoding.Prediction?.Span.Should().Be(expected.Answer?.Span);
                    (decoding.Prediction is null).Should().Be(expected.Answer is null);
                    decoding.Probability.Should().BeApproximately(expected.Probability, 1e-12);
                    decoding.NullScore.Should().Be(expected.NullScore);
                    decoding.NullOdds.Should().Be(expected.NullScore - expected.Ranked[0].Score);
                },
                iter: 1000
            );

    [Fact]
    public void Each_span_names_a_window_and_tokens_that_give_its_score() =>
        Gen.Select(Documents, Options)
            .Sample(
                (documents, options) =>
                {
                    foreach (var span in new CalibratedDecoder(options).Decode(documents, 20).Spans)
                    {
                        var window = documents[span.Document].Windows[span.Window];
                        window.Place(span.StartToken, span.EndToken).Should().Be(span.Span);
                        span.Score.Should().Be((double)window.StartLogits.Span[span.StartToken] + window.EndLogits.Span[span.EndToken]);
                    }
                }
            );

    [Fact]
    public void The_list_for_k_begins_the_list_for_k_plus_one_and_is_short_only_when_all_else_overlaps() =>
        Gen.Select(Documents, Options, Gen.Int[1, 40])
            .Sample(
                (documents, options, k) =>
                {
                    var decoder = new CalibratedDecoder(options);
                    var shorter = decoder.Decode(documents, k);
                    var longer = decoder.Decode(documents, k + 1);

                    shorter.Spans.Should().Equal(longer.Spans.Take(k));
                    (longer with { Spans = shorter.Spans }).Should().Be(shorter, "nothing else depends on k");
                    if (shorter.Spans.Count < k)
                        new CalibratedDefinition(documents, options)
                            .Spans.Should()
                            .OnlyContain(span =>
                                shorter.Spans.Any(listed => listed.Document == span.Document && listed.Span.Overlaps(span.Span))
                            );
                }
            );

    [Fact]
    public void A_constant_added_to_all_logits_changes_nothing_but_scores() =>
        Gen.Select(DecoderExamples.Any, Options, Gen.Int[-1000, 1000])
            .Sample(
                (example, options, constant) =>
                {
                    var decoder = new CalibratedDecoder(options);
                    var plain = decoder.Decode(example.Context, example.Windows, 9);
                    var shifted = decoder.Decode(example.Context, DecoderExamples.Shifted(example.Windows, constant), 9);

                    shifted
                        .Spans.Select(span => (span.Span, span.Probability))
                        .Should()
                        .Equal(plain.Spans.Select(span => (span.Span, span.Probability)));
                    (shifted.Probability, shifted.NullOdds, shifted.Prediction?.Span)
                        .Should()
                        .Be((plain.Probability, plain.NullOdds, plain.Prediction?.Span));
                }
            );

    [Fact]
    public void Doubled_logits_at_a_doubled_temperature_have_the_same_probabilities_and_temperature_decides_nothing() =>
        Gen.Select(DecoderExamples.Any, Options)
            .Sample(
                (example, options) =>
                {
                    var plain = new CalibratedDecoder(options).Decode(example.Context, example.Windows, 9);
                    var hotter = new CalibratedDecoder(options with { Temperature = 2 * options.Temperature });
                    var hot = hotter.Decode(example.Context, example.Windows, 9);
                    var doubled = hotter.Decode(example.Context, Doubled(example.Windows), 9);

                    doubled
                        .Spans.Select(span => (span.Span, span.Probability))
                        .Should()
                        .Equal(plain.Spans.Select(span => (span.Span, span.Probability)));
                    hot.Spans.Select(Key).Should().Equal(plain.Spans.Select(Key));
                    (hot.Prediction?.Span, hot.NullOdds).Should().Be((plain.Prediction?.Span, plain.NullOdds));
                }
            );

    [Fact]
    public void A_window_seen_twice_counts_once() =>
        Gen.Select(DecoderExamples.Any, Options)
            .Sample(
                (example, options) =>
                {
                    var decoder = new CalibratedDecoder(options);
                    var once = decoder.Decode(example.Context, example.Windows, 5);
                    var twice = decoder.Decode(example.Context, [.. example.Windows, .. example.Windows], 5);

                    twice.Spans.Should().Equal(once.Spans);
                    (twice with { Spans = once.Spans }).Should().Be(once);
                }
            );

    [Fact]
    public void Slices_that_normalise_alike_have_one_fingerprint() =>
        Gen.Char["aAnNtThHeE .,-'\u03a3\u03c3\u03c2\u0130i\u0307\u00a0\u001c\u00e9\u4e2d\ud83c\udf75"]
            .Array[0, 6]
            .Select(it => new string(it))
            .Array[40]
            .Sample(
                texts =>
                {
                    foreach (var same in texts.GroupBy(AnswerNormalization.Normalize))
                        same.Append(same.Key).Select(TextFingerprint.Of).Distinct().Should().ContainSingle("{0}", same.Key);
                },
                iter: 2000
            );

    [Fact]
    public void The_fingerprint_of_a_slice_is_that_of_its_text() =>
        DecoderExamples.Any.Sample(example =>
        {
            using var fingerprints = new TextFingerprint(example.Context, example.Context.Length);
            foreach (var window in example.Windows)
            {
                var spans = new LegalSpans(window, 9);
                while (spans.MoveNext())
                    fingerprints[spans.Place].Should().Be(TextFingerprint.Of(spans.Place.Of(example.Context)));
            }
        });

    private static (int, TextSpan, double) Key(CalibratedSpan span) => (span.Document, span.Span, span.Score);

    private static DecoderWindow[] Doubled(DecoderWindow[] windows) =>
        [
            .. windows.Select(window => new DecoderWindow(
                Array.ConvertAll(window.StartLogits.ToArray(), logit => 2 * logit),
                Array.ConvertAll(window.EndLogits.ToArray(), logit => 2 * logit),
                window.Offsets,
                window.ContextStart,
                window.ContextEnd
            )),
        ];
}
