using CsCheck;
using XDistilTorch.Decoding;

namespace XDistilTorch.Evaluation;

public class CalibrationFitTests
{
    private const int MaxAnswerLength = 6;

    private sealed record Asked(DecoderExample Example, string[] Golds);

    // Gold answers are slices of the text, so that some are hit, or there is none.
    private static readonly Gen<Asked> Question =
        from example in DecoderExamples.Any
        from hasAnswer in Gen.Bool
        from window in Gen.Int[0, example.Windows.Length - 1]
        from token in Gen.Int[0, 100]
        select new Asked(example, hasAnswer ? [Gold(example, window, token)] : []);

    private static string Gold(DecoderExample example, int index, int token)
    {
        var window = example.Windows[index];
        return window.Offsets.Span[window.ContextStart + (token % (window.ContextEnd - window.ContextStart))].Of(example.Context);
    }

    private static readonly Gen<double> Threshold = Gen.Int[-16, 16].Select(quarters => quarters / 4d);

    [Fact]
    public void Probabilities_and_answers_are_those_of_the_decoder_at_every_temperature_and_threshold() =>
        Gen.Select(DecoderExamples.Any, Threshold, Gen.Double[0.05, 20])
            .Sample(
                (example, threshold, temperature) =>
                {
                    var decoder = Decoder(temperature, threshold);
                    var expected = decoder.Decode(example.Context, example.Windows);

                    var distribution = decoder.Distribution(example.Context, example.Windows);

                    distribution.NullOdds.Should().Be(expected.NullOdds);
                    distribution.BestText.Should().Be(expected.Spans[0].Span.Of(example.Context));
                    distribution.Declines(threshold).Should().Be(expected.Prediction is null);
                    foreach (var happened in new[] { true, false })
                        distribution
                            .Example(threshold, happened)
                            .At(1 / temperature)
                            .Probability.Should()
                            .BeApproximately(expected.Probability, 1e-9);
                },
                iter: 1000
            );

    [Fact]
    public void The_fit_is_the_best_threshold_and_then_the_likeliest_temperature() =>
        Question
            .Array[4, 20]
            .Sample(
                asked =>
                {
                    if (Fit(asked) is not { } fit)
                        return;

                    var best = asked.Select(NullOdds).Distinct().MaxBy(threshold => (F1Under(asked, threshold), -threshold));
                    fit.NullThreshold.Should().Be(best);
                    fit.NegativeLogLikelihood.Should().BeApproximately(Loss(asked, fit.NullThreshold, fit.Temperature), 1e-9);
                    for (var log = -4.2; log <= 4.2; log += 0.3)
                        Loss(asked, best, Math.Exp(log)).Should().BeGreaterThanOrEqualTo(fit.NegativeLogLikelihood - 1e-9);
                },
                iter: 200
            );

    [Fact]
    public void Figures_are_those_of_the_decoders_own_answers() =>
        Gen.Select(Question.Array[1, 12], Threshold, Gen.Double[0.2, 5])
            .Sample(
                (asked, threshold, temperature) =>
                {
                    var figures = CalibrationFigures.Of([.. asked.Select(Read)], temperature, threshold);

                    var answers = Array.ConvertAll(asked, question => Answer(question, threshold, temperature));
                    var ece = ReliabilityDiagram.Of(
                        [.. answers.Select(it => new AnswerConfidence(it.Probability, it.Score.Exact == 1))],
                        bins: 15
                    );
                    figures.Ece.Should().BeApproximately(ece.ExpectedError, 1e-9);
                    figures.Exact.Should().BeApproximately(100 * answers.Average(it => it.Score.Exact), 1e-9);
                    figures.F1.Should().BeApproximately(100 * answers.Average(it => it.Score.F1), 1e-9);
                    figures.MeanProbability.Should().BeApproximately(answers.Average(it => it.Probability), 1e-9);
                }
            );

    [Fact]
    public void Logits_twice_as_large_have_twice_the_temperature_and_the_threshold() =>
        Question
            .Array[4, 20]
            .Sample(
                asked =>
                {
                    var plain = Fit(asked);
                    var doubled = Fit(Array.ConvertAll(asked, it => it with { Example = Doubled(it.Example) }));
                    if (plain is null || doubled is null)
                        return;
                    doubled.Value.NullThreshold.Should().Be(2 * plain.Value.NullThreshold);
                    doubled.Value.NegativeLogLikelihood.Should().BeApproximately(plain.Value.NegativeLogLikelihood, 1e-9);
                },
                iter: 100
            );

    [Fact]
    public void The_order_of_the_questions_does_not_matter() =>
        Question
            .Array[4, 20]
            .Sample(
                asked =>
                {
                    var (plain, reversed) = (Fit(asked), Fit([.. asked.Reverse()]));
                    (plain is null).Should().Be(reversed is null);
                    if (plain is null)
                        return;
                    reversed!.Value.NullThreshold.Should().Be(plain.Value.NullThreshold);
                    reversed.Value.NegativeLogLikelihood.Should().BeApproximately(plain.Value.NegativeLogLikelihood, 1e-9);
                },
                iter: 100
            );

    [Fact]
    public void Questions_that_all_have_an_answer_or_all_have_none_fit_no_threshold()
    {
        Fails([One("tea", 1, ["tea"]), One("tea", 2, ["tea"])])
            .WithMessage("none of the 2 questions is without an answer*\"answers\": []*");
        Fails([One("tea", 1, []), One("tea", 2, [])]).WithMessage("none of the 2 questions has an answer*");
    }

    [Fact]
    public void A_model_that_is_best_when_it_declines_everything_has_no_threshold() =>
        Fails([One("tea", 1, ["coffee"]), One("tea", 2, [])])
            .WithMessage("*best (50.00) when all 2 questions are declined*more questions*");

    [Fact]
    public void Answers_that_follow_their_scores_perfectly_have_no_temperature() =>
        Fails([One("tea", -4, ["tea"]), One("tea", 4, [])]).WithMessage("no temperature*");

    private static FluentAssertions.Specialized.ExceptionAssertions<DataException> Fails(CalibrationQuestion[] questions)
    {
        var fit = () => CalibrationFit.Find(questions, oneTemperature: true);
        return fit.Should().Throw<DataException>();
    }

    /// <summary>A text of one word, whose span has score 0.</summary>
    private static CalibrationQuestion One(string word, float nullScore, string[] golds)
    {
        var window = new DecoderWindow(
            new[] { nullScore, 0, 0, 0 },
            new float[4],
            new TextSpan[] { default, default, new(0, word.Length), default },
            2,
            3
        );
        return CalibrationQuestion.Of(new CalibratedDecoder().Distribution(word, [window]), golds);
    }

    private static CalibratedDecoder Decoder(double temperature, double threshold, double? nullTemperature = null) =>
        new(
            new CalibratedDecoderOptions
            {
                Temperature = temperature,
                NullTemperature = nullTemperature,
                NullThreshold = threshold,
                MaxAnswerLength = MaxAnswerLength,
            }
        );

    private static CalibrationQuestion Read(Asked asked) =>
        CalibrationQuestion.Of(Decoder(1, 0).Distribution(asked.Example.Context, asked.Example.Windows), asked.Golds);

    private static CalibrationFit? Fit(Asked[] asked)
    {
        try
        {
            return CalibrationFit.Find([.. asked.Select(Read)], oneTemperature: true);
        }
        catch (DataException)
        {
            return null; // all of one kind, or nothing to fit
        }
    }

    private static double NullOdds(Asked asked) => Decoder(1, 0).Decode(asked.Example.Context, asked.Example.Windows).NullOdds!.Value;

    private static (double Probability, AnswerScore Score) Answer(Asked asked, double threshold, double temperature)
    {
        var decoding = Decoder(temperature, threshold).Decode(asked.Example.Context, asked.Example.Windows);
        return (decoding.Probability, Squad2Metrics.Score(decoding.Prediction?.Span.Of(asked.Example.Context) ?? "", asked.Golds));
    }

    // As best_f1 counts: what is answered though there is no answer is worth nothing, be it an article only.
    private static decimal F1Under(Asked[] asked, double threshold) =>
        asked.Sum(it =>
            NullOdds(it) > threshold ? (it.Golds.Length == 0 ? 1m : 0)
            : it.Golds.Length > 0 ? (decimal)Answer(it, threshold, 1).Score.F1
            : 0
        );

    private static double Loss(Asked[] asked, double threshold, double temperature) =>
        asked.Average(it =>
        {
            var (probability, score) = Answer(it, threshold, temperature);
            return -Math.Log(score.Exact == 1 ? probability : 1 - probability);
        });

    private static DecoderExample Doubled(DecoderExample example) =>
        example with
        {
            Windows =
            [
                .. example.Windows.Select(window => new DecoderWindow(
                    Array.ConvertAll(window.StartLogits.ToArray(), logit => 2 * logit),
                    Array.ConvertAll(window.EndLogits.ToArray(), logit => 2 * logit),
                    window.Offsets,
                    window.ContextStart,
                    window.ContextEnd
                )),
            ],
        };
}
