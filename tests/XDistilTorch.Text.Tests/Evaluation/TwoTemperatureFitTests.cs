using CsCheck;
using XDistilTorch.Decoding;

namespace XDistilTorch.Evaluation;

/// <summary>No answer with a temperature of its own: the decoder's probabilities, and fitting both.</summary>
public class TwoTemperatureFitTests
{
    private static readonly Gen<double> Threshold = Gen.Int[-16, 16].Select(quarters => quarters / 4d);
    private static readonly Gen<double> Temperature = Gen.Double[0.1, 10];

    private static CalibratedDecoder Decoder(double temperature, double threshold, double nullTemperature, bool allowNoAnswer = true) =>
        new(
            new CalibratedDecoderOptions
            {
                Temperature = temperature,
                NullThreshold = threshold,
                NullTemperature = nullTemperature,
                MaxAnswerLength = 6,
                AllowNoAnswer = allowNoAnswer,
            }
        );

    private static CalibratedDecoding All(CalibratedDecoder decoder, DecoderExample example) =>
        decoder.Decode(example.Context, example.Windows, topK: 1);

    [Fact]
    public void No_answer_is_returned_exactly_where_it_is_more_likely_than_not() =>
        Gen.Select(DecoderExamples.Any, Threshold, Temperature, Temperature)
            .Sample(
                (example, threshold, temperature, own) =>
                {
                    var decoding = All(Decoder(temperature, threshold, own), example);

                    var none = 1 / (1 + Math.Exp(-(decoding.NullOdds!.Value - threshold) / own));
                    (decoding.Prediction is null).Should().Be(decoding.NullOdds > threshold);
                    if (decoding.Prediction is null)
                        decoding.Probability.Should().BeGreaterThanOrEqualTo(none - 1e-12).And.BeGreaterThan(0.5);
                    else
                        decoding.Probability.Should().BeLessThanOrEqualTo(1 - none + 1e-12);
                }
            );

    [Fact]
    public void Spans_share_what_no_answer_leaves_as_they_would_share_everything_without_it() =>
        Gen.Select(DecoderExamples.Any, Threshold, Temperature, Temperature)
            .Sample(
                (example, threshold, temperature, own) =>
                {
                    var with = All(Decoder(temperature, threshold, own), example);
                    var without = All(Decoder(temperature, threshold, own, allowNoAnswer: false), example);

                    var rest = 1 - (1 / (1 + Math.Exp(-(with.NullOdds!.Value - threshold) / own)));
                    with.Spans[0].Probability.Should().BeApproximately(rest * without.Spans[0].Probability, 1e-9);
                    with.Spans[0].Span.Should().Be(without.Spans[0].Span);
                }
            );

    [Fact]
    public void Probabilities_of_the_fit_are_those_of_the_decoder() =>
        Gen.Select(DecoderExamples.Any, Threshold, Temperature, Temperature)
            .Sample(
                (example, threshold, temperature, own) =>
                {
                    var decoder = Decoder(temperature, threshold, own);

                    var distribution = decoder.Distribution(example.Context, example.Windows);

                    distribution.Probability(temperature, threshold, own).Should().BeApproximately(All(decoder, example).Probability, 1e-9);
                },
                iter: 1000
            );

    /// <summary>A text of words whose scores as spans are given; no answer scores 0.</summary>
    private static CalibrationQuestion Words(float[] scores, string? gold)
    {
        var context = string.Join(' ', scores.Select((_, i) => $"w{i}"));
        var offsets = new List<TextSpan> { default, default };
        offsets.AddRange(scores.Select((_, i) => new TextSpan(3 * i, (3 * i) + 2)));
        offsets.Add(default);
        float[] logits = [0, 0, .. scores.Select(score => score / 2), 0];
        var window = new DecoderWindow(logits, logits, offsets.ToArray(), 2, 2 + scores.Length);
        var decoder = new CalibratedDecoder(new CalibratedDecoderOptions { MaxAnswerLength = 1 });
        return CalibrationQuestion.Of(decoder.Distribution(context, [window]), gold is null ? [] : [gold]);
    }

    // Drawn from the very model that is to be fitted.
    private static CalibrationQuestion[] Drawn(int count, double temperature, double nullTemperature)
    {
        var random = new Random(5);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                {
                    float[] scores = [.. Enumerable.Range(0, 5).Select(_ => (float)((random.NextDouble() * 8) - 4))];
                    var odds = -scores.Max();
                    if (random.NextDouble() < 1 / (1 + Math.Exp(-odds / nullTemperature)))
                        return Words(scores, null);
                    var weights = Array.ConvertAll(scores, score => Math.Exp(score / temperature));
                    var (drawn, at) = (random.NextDouble() * weights.Sum(), 0);
                    while ((drawn -= weights[at]) > 0)
                        at++;
                    return Words(scores, $"w{at}");
                }),
        ];
    }

    [Theory, InlineData(0.7, 2.5), InlineData(2, 0.8), InlineData(1, 1)]
    public void Temperatures_that_answers_were_drawn_with_are_found_again(double temperature, double nullTemperature)
    {
        var fit = CalibrationFit.FindTemperatures(Drawn(6000, temperature, nullTemperature), nullThreshold: 0);

        Math.Log(fit.Temperature / temperature).Should().BeApproximately(0, 0.15);
        Math.Log(fit.NullTemperature!.Value / nullTemperature).Should().BeApproximately(0, 0.15);
    }

    [Fact]
    public void No_other_temperatures_are_likelier()
    {
        var questions = Drawn(400, 0.7, 2.5);
        var fit = CalibrationFit.FindTemperatures(questions, nullThreshold: 0.5);

        double Loss(double temperature, double own) =>
            questions.Average(question =>
            {
                var probability = question.Distribution.Probability(temperature, 0.5, own);
                return -Math.Log(question.ScoreUnder(0.5).Exact == 1 ? probability : 1 - probability);
            });
        fit.NegativeLogLikelihood.Should().BeApproximately(Loss(fit.Temperature, fit.NullTemperature!.Value), 1e-9);
        for (var a = -4.2; a <= 4.2; a += 0.3)
        for (var b = -4.2; b <= 4.2; b += 0.3)
            Loss(Math.Exp(a), Math.Exp(b)).Should().BeGreaterThanOrEqualTo(fit.NegativeLogLikelihood - 1e-9);
    }

    [Fact]
    public void Probabilities_that_one_temperature_spoils_are_mended_by_two()
    {
        var questions = Drawn(6000, 0.5, 4);

        var one = CalibrationFit.FindTemperature(questions, nullThreshold: 0).Temperature;
        var two = CalibrationFit.FindTemperatures(questions, nullThreshold: 0);

        var before = CalibrationFigures.Of(questions, one, 0).Ece;
        var after = CalibrationFigures.Of(questions, two.Temperature, 0, two.NullTemperature).Ece;
        after.Should().BeLessThan(0.03).And.BeLessThan(before / 2);
    }

    [Fact]
    public void Answers_that_follow_their_scores_perfectly_have_no_temperatures()
    {
        var questions = new[] { Words([6, -9], "w0"), Words([5, -9], "w0"), Words([-7, -9], null), Words([-6, -9], null) };

        FluentActions
            .Invoking(() => CalibrationFit.Find(questions))
            .Should()
            .Throw<DataException>()
            .WithMessage("no temperatures between 0.015 and 67 fit the 4 answers (4 of them right)*");
    }

    [Theory, InlineData(0), InlineData(-1), InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void A_null_temperature_is_above_zero(double given) =>
        FluentActions.Invoking(() => Decoder(1, 0, given)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*above 0*");
}
