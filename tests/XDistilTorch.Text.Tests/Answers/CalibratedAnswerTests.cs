using CsCheck;
using XDistilTorch.Decoding;

namespace XDistilTorch;

public class CalibratedAnswerTests
{
    private const string Question = "Who won?";

    [Fact]
    public void The_record_says_what_the_decoder_found() =>
        DecoderExamples.Any.Sample(example =>
        {
            var decoding = new CalibratedDecoder().Decode(example.Context, example.Windows, 5);

            var answer = new AnswerBuilder(example.Context).FromCalibrated(Question, decoding, "q");

            (answer.Id, answer.Question, answer.Decoder).Should().Be(("q", Question, "calibrated"));
            answer
                .Answers.Select(span => new TextSpan(span.StartUtf16, span.EndUtf16))
                .Should()
                .Equal(decoding.Spans.Select(it => it.Span));
            answer.Answers.Select(span => span.Probability).Should().Equal(decoding.Spans.Select(it => it.Probability));
            foreach (var span in answer.Answers)
                span.Text.Should()
                    .Be(example.Context[span.StartUtf16..span.EndUtf16])
                    .And.Be(string.Concat(example.Context.EnumerateRunes().Take(span.Start..span.End)));
            answer.HasAnswer.Should().Be(decoding.Prediction is not null);
            answer.Text.Should().Be(decoding.Prediction is null ? "" : answer.Answers[0].Text);
            answer.Score.Should().Be(answer.HasAnswer ? answer.Answers[0].Score : answer.NullScore);
            answer.Probability.Should().Be(decoding.Probability);
            answer.Document.Should().BeNull();
            if (answer.HasAnswer)
                answer.Sentence.Should().Contain(answer.Text);
        });

    [Fact]
    public void Over_several_documents_answers_name_theirs()
    {
        var (decoding, contexts) = TwoDocuments(nullLogit: 0);

        var answer = new AnswerBuilder(contexts, ["a.txt", "b.txt"]).FromCalibrated(Question, decoding);

        (answer.Text, answer.Document, answer.Sentence).Should().Be(("Bob", "b.txt", "\U0001F375 Bob."));
        (answer.Start, answer.StartUtf16).Should().Be((2, 3));
        answer.Answers.Select(span => (span.Text, span.Document)).Should().Equal(("Bob", "b.txt"), ("Ada", "a.txt"));
        answer.ToJson().Should().Contain("\"document\":\"b.txt\",\"null_score\"").And.Contain("\"document\":\"a.txt\",\"window\":0");
    }

    [Fact]
    public void No_answer_names_no_document()
    {
        var (decoding, contexts) = TwoDocuments(nullLogit: 9);

        var answer = new AnswerBuilder(contexts, ["a.txt", "b.txt"]).FromCalibrated(Question, decoding);

        (answer.HasAnswer, answer.Document, answer.Score).Should().Be((false, null, 18));
        answer.Answers.Should().OnlyContain(span => span.Document != null);
    }

    [Fact]
    public void What_does_not_belong_together_is_refused()
    {
        var (decoding, contexts) = TwoDocuments(nullLogit: 0);
        var several = new AnswerBuilder(contexts, ["a.txt", "b.txt"]);
        var squad = new SquadDecoder().Decode([Window(0, 1, new TextSpan(0, 3))]);

        FluentActions
            .Invoking(() => new AnswerBuilder(contexts, ["a.txt"]))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("1 names for 2*");
        several.Invoking(it => it.FromSquad(Question, squad, 1)).Should().Throw<InvalidOperationException>().WithMessage("*2 documents*");
        new AnswerBuilder("Ada.")
            .Invoking(it => it.FromCalibrated(Question, decoding))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("document 1 of 1*");
    }

    private static (CalibratedDecoding, string[]) TwoDocuments(float nullLogit)
    {
        string[] contexts = ["Ada.", "\U0001F375 Bob."];
        var documents = new DocumentWindows[]
        {
            new(contexts[0], [Window(nullLogit, 2, new TextSpan(0, 3))]),
            new(contexts[1], [Window(nullLogit, 3, new TextSpan(3, 6))]),
        };
        return (new CalibratedDecoder().Decode(documents, 2), contexts);
    }

    private static DecoderWindow Window(float nullLogit, float logit, TextSpan place) =>
        new(new[] { nullLogit, logit }, new[] { nullLogit, logit }, new TextSpan[] { default, place }, 1, 2);
}
