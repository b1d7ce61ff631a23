using CsCheck;
using XDistilTorch.Decoding;

namespace XDistilTorch;

public class AnswerBuilderTests
{
    private const string Question = "Who won?";

    private static readonly Gen<(DecoderExample Example, SquadDecoding Decoding)> Decoded = Gen.Select(
            DecoderExamples.Any,
            DecoderExamples.Options
        )
        .Select((example, options) => (example, new SquadDecoder(options).Decode(example.Windows)));

    [Fact]
    public void Every_text_is_the_slice_that_both_of_its_places_name() =>
        Decoded.Sample(
            (example, decoding) =>
            {
                var context = example.Context;
                var codePoints = context.EnumerateRunes().ToArray();
                var answer = new AnswerBuilder(context).FromSquad(Question, decoding, 20);

                foreach (var span in answer.Answers)
                {
                    span.Text.Should().Be(context[span.StartUtf16..span.EndUtf16]).And.NotBeEmpty();
                    span.Text.Should().Be(string.Concat(codePoints[span.Start..span.End]));
                }
                if (answer.HasAnswer)
                    answer.Text.Should().Be(context[answer.StartUtf16!.Value..answer.EndUtf16!.Value]);
            }
        );

    [Fact]
    public void The_answer_heads_the_list_and_its_sentence_holds_it() =>
        Decoded
            .Where(it => it.Decoding.Prediction is { HasText: true })
            .Sample(
                (example, decoding) =>
                {
                    var answer = new AnswerBuilder(example.Context).FromSquad(Question, decoding, 1);
                    var first = answer.Answers.Single();

                    (answer.Text, answer.Score, answer.Probability).Should().Be((first.Text, first.Score, first.Probability));
                    (answer.Start, answer.End, answer.StartUtf16, answer.EndUtf16)
                        .Should()
                        .Be((first.Start, first.End, first.StartUtf16, first.EndUtf16));
                    answer.Sentence.Should().Contain(answer.Text);
                    example.Context.Should().Contain(answer.Sentence);
                }
            );

    [Fact]
    public void The_list_for_k_begins_the_list_for_k_plus_one_and_nothing_else_changes() =>
        Gen.Select(Decoded, Gen.Int[1, 24])
            .Sample(
                (it, k) =>
                {
                    var builder = new AnswerBuilder(it.Example.Context);
                    var shorter = builder.FromSquad(Question, it.Decoding, k);
                    var longer = builder.FromSquad(Question, it.Decoding, k + 1);

                    shorter.Answers.Should().Equal(longer.Answers.Take(k));
                    (longer with { Answers = shorter.Answers }).Should().Be(shorter);
                }
            );

    [Fact]
    public void No_answer_has_no_place_but_still_lists_spans()
    {
        var answer = Build(Made(nullLogit: 9));

        answer.HasAnswer.Should().BeFalse();
        answer.Text.Should().BeEmpty();
        new object?[] { answer.Start, answer.End, answer.StartUtf16, answer.EndUtf16, answer.Sentence }
            .Should()
            .OnlyContain(it => it == null);
        answer.Score.Should().Be(18).And.Be(answer.NullScore);
        answer.Probability.Should().BeGreaterThan(0.99);
        answer.Answers.Should().HaveCount(2).And.OnlyContain(span => span.Probability < 0.01);
    }

    [Fact]
    public void Probability_is_over_the_whole_list_however_few_are_shown()
    {
        var decoding = Made(nullLogit: 0);

        var answer = new AnswerBuilder("Ada won.").FromSquad(Question, decoding, 1);

        answer.Answers.Should().ContainSingle();
        answer.Probability.Should().Be(decoding.NBest[0].Probability).And.BeLessThan(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_made_up_empty_is_no_answer_with_certainty(bool allowNoAnswer)
    {
        // The only start and end that n-best-size 1 picks are those of the question.
        var window = new DecoderWindow(
            new float[] { -3, 9, 0 },
            new float[] { -3, 9, 0 },
            new TextSpan[] { default, default, new(0, 3) },
            2,
            3
        );
        var options = new SquadDecoderOptions { NBestSize = 1, AllowNoAnswer = allowNoAnswer };

        var answer = Build(new SquadDecoder(options).Decode([window]));

        answer.HasAnswer.Should().BeFalse();
        answer.Score.Should().Be(allowNoAnswer ? -6 : null);
        answer.NullScore.Should().Be(answer.Score);
        answer.Probability.Should().BeApproximately(1, 1e-12);
        answer.Answers.Should().BeEmpty();
    }

    [Fact]
    public void A_span_without_width_is_no_answer_and_not_listed()
    {
        var window = new DecoderWindow(
            new float[] { 0, 9, 0 },
            new float[] { 0, 9, 0 },
            new TextSpan[] { default, new(1, 1), new(4, 7) },
            1,
            3
        );
        var options = new SquadDecoderOptions { AllowNoAnswer = false, MaxAnswerLength = 1 };

        var answer = Build(new SquadDecoder(options).Decode([window]));

        answer.HasAnswer.Should().BeFalse();
        answer.Answers.Select(span => span.Text).Should().Equal("won");
        answer.Probability.Should().BeApproximately(1 - answer.Answers[0].Probability, 1e-12);
    }

    [Fact]
    public void Windows_of_another_text_are_refused()
    {
        var build = () => new AnswerBuilder("Ada").FromSquad(Question, Made(nullLogit: 0), 5);

        build.Should().Throw<ArgumentException>().WithMessage("*0..7*context of 3*");
    }

    [Fact]
    public void A_list_of_nothing_is_refused()
    {
        var build = () => new AnswerBuilder("Ada won.").FromSquad(Question, Made(nullLogit: 0), 0);

        build.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("topK");
    }

    private static Answer Build(SquadDecoding decoding) => new AnswerBuilder("Ada won.").FromSquad(Question, decoding, 2);

    // [CLS] Ada won: "Ada" 4, "Ada won" 3, "won" 1
    private static SquadDecoding Made(float nullLogit) =>
        new SquadDecoder().Decode([
            new DecoderWindow(
                new float[] { nullLogit, 2, 0 },
                new float[] { nullLogit, 2, 1 },
                new TextSpan[] { default, new(0, 3), new(4, 7) },
                1,
                3
            ),
        ]);
}
