using TorchSharp;
using XDistilTorch.Data;
using XDistilTorch.Modeling;
using XDistilTorch.Prediction;
using XDistilTorch.Tokenization;
using XDistilTorch.Training;
using XDistilTorch.Training.Runs;
using XDistilTorch.Windows;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Training.Runs;

public sealed class DevelopmentSetTests(ModelFolder folder) : IClassFixture<ModelFolder>
{
    private static readonly AnswerSettings Settings = AnswerSettings.Settle(
        new AnswerOptions { Decoder = DecoderKind.Squad, MaxLength = 40 },
        calibration: null,
        positions: 64
    );

    private static DevelopmentSet Set(BertTokenizer tokenizer, params IReadOnlyList<QuestionRow> rows) =>
        new(new TrainingData("dev.jsonl", "", rows), tokenizer, Settings);

    [Fact]
    public void The_loss_is_that_of_training_and_the_answers_are_those_of_predict()
    {
        using var model = BertForQuestionAnswering.FromPretrained(folder.Path);
        var tokenizer = BertTokenizer.FromPretrained(folder.Path);
        var rows = TrainingRows.Of(150);

        var score = Set(tokenizer, rows).Evaluate(model, CPU, _ => { }, TestContext.Current.CancellationToken);

        var windows = TrainingSet.Build(tokenizer, rows, new WindowOptions(40), TestContext.Current.CancellationToken).Windows;
        windows.Count.Should().BeGreaterThan(rows.Count);
        score.Loss.Should().BeApproximately(windows.Average(window => Loss(model, window)), 1e-5);
        using var answerer = QuestionAnswerer.FromPretrained(folder.Path);
        var expected = new Predictor(answerer, new AnswerOptions { Decoder = DecoderKind.Squad, MaxLength = 40 })
            .Run(rows.Select(row => new DataItem(row, [])), TestContext.Current.CancellationToken)
            .SelectMany(chunk => chunk.Rows)
            .Select(row => row.Answer!.Text);
        score.Answers.Answers.Select(answer => answer.Text).Should().Equal(expected);
        score.Report.Squad2!.Total.Should().Be(150);
    }

    private static double Loss(BertForQuestionAnswering model, TrainingWindow window)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return new QuestionAnsweringObjective().Loss(model, new TrainingBatch([window], 0, CPU)).ToDouble();
    }

    [Fact]
    public void What_cannot_be_asked_is_not_answered_and_an_answer_without_a_place_has_no_loss()
    {
        using var model = BertForQuestionAnswering.FromPretrained(folder.Path);
        var row = TrainingRows.Of(1)[0];

        var score = Set(
                BertTokenizer.FromPretrained(folder.Path),
                row with
                {
                    Id = "blank",
                    Question = " ",
                },
                row with
                {
                    Id = "nowhere",
                    Answers = [new GoldAnswer("zebra crossing", 0, null)],
                }
            )
            .Evaluate(model, CPU, _ => { }, TestContext.Current.CancellationToken);

        score.Answers.Find("blank")!.Text.Should().BeEmpty();
        score.Loss.Should().Be(0);
    }

    [Fact]
    public void Without_questions_or_their_answers_there_is_nothing_to_evaluate()
    {
        var tokenizer = BertTokenizer.FromPretrained(folder.Path);

        FluentActions.Invoking(() => Set(tokenizer, [])).Should().Throw<DataException>().WithMessage("dev.jsonl: holds no question*");
        FluentActions
            .Invoking(() => Set(tokenizer, TrainingRows.Of(1)[0] with { Answers = null }))
            .Should()
            .Throw<DataException>()
            .WithMessage("dev.jsonl: question \"t1-0\"*no \"answers\"*");
    }
}
