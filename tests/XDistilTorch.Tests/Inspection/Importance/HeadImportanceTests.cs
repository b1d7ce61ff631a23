using TorchSharp;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Importance;
using XDistilTorch.Modeling;
using XDistilTorch.Pruning;
using XDistilTorch.Tests.Modeling;
using XDistilTorch.Tests.Pruning;
using XDistilTorch.Tokenization;
using XDistilTorch.Training;
using XDistilTorch.Windows;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection.Importance;

public sealed class HeadImportanceTests
{
    // One question of two windows, one of which holds the answer.
    private static readonly TrainingWindow[] Windows =
    [
        new(0, [2, 5, 6, 3, 9, 10, 11, 3], 4, new TrainingLabel(5, 6)),
        new(0, [2, 5, 6, 3, 12, 13, 3], 4, TrainingLabel.None),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static double Loss(BertForQuestionAnswering model, ForwardContext? context = null)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return Windows.Average(window =>
        {
            var batch = new TrainingBatch([window], 0, CPU);
            var output = model.Forward(batch.Input, context);
            return QuestionAnsweringLoss
                .Of(output.StartLogits, output.EndLogits, batch.Starts, batch.Ends)
                .to(ScalarType.Float64)
                .item<double>();
        });
    }

    // L with the head's context vectors multiplied by a number.
    private static double Gated(BertForQuestionAnswering model, int layer, int head, double gate)
    {
        using var gates = ones(1, model.Config.HeadCount(layer), 1, 1, dtype: model.parameters().First().dtype);
        gates[0, head].fill_(gate);
        using var context = new ForwardContext().Replace(Point.AttentionContext(layer), value => value.mul(gates));
        return Loss(model, context);
    }

    [Fact]
    public void The_gradient_is_the_slope_of_the_loss_in_a_gate_on_the_head()
    {
        using var whole = TinyModel.Random(layers: 3, heads: 4);
        whole.to(ScalarType.Float64);
        using var model = ModelPruning.Heads(whole, [new(1, 2), .. Enumerable.Range(0, 4).Select(head => new AttentionHead(2, head))]);

        var measured = new HeadImportance(model, CPU).Of(Windows, Stop);

        measured.Loss.Should().BeApproximately(Loss(model), 1e-12);
        (measured.Windows, measured.LossChange, measured.ScoreChange).Should().Be((2, null, null));
        measured.Gradient!.Select(row => row.Length).Should().Equal(4, 3, 0);
        var largest = measured.Gradient!.SelectMany(row => row).Max(Math.Abs);
        largest.Should().BeGreaterThan(1e-4);
        const double Step = 1e-5;
        for (var layer = 0; layer < 2; layer++)
        for (var head = 0; head < model.Config.HeadCount(layer); head++)
            measured
                .Gradient![layer][head]
                .Should()
                .BeApproximately(
                    (Gated(model, layer, head, 1 + Step) - Gated(model, layer, head, 1 - Step)) / (2 * Step),
                    1e-5 * largest,
                    $"{layer}:{head}"
                );
        model.parameters().Should().OnlyContain(p => object.ReferenceEquals(p.grad, null)).And.OnlyContain(p => p.requires_grad);
    }

    [Fact]
    public void Ablation_is_the_change_of_the_loss_without_the_head()
    {
        using var model = TinyModel.Random(layers: 2, heads: 4);

        var measured = new HeadImportance(model, CPU, ImportanceMeasures.Both).Of(Windows, Stop);

        for (var layer = 0; layer < 2; layer++)
        for (var head = 0; head < 4; head++)
        {
            measured.LossChange![layer][head].Should().BeApproximately(Gated(model, layer, head, 0) - Loss(model), 1e-5);
            using var smaller = ModelPruning.Heads(model, [new(layer, head)]);
            measured.LossChange![layer][head].Should().BeApproximately(Loss(smaller) - Loss(model), 1e-5, "pruned is masked");
            measured.ScoreChange![layer][head].Should().BeApproximately(Score(smaller) - Score(model), 1e-4);
        }
        measured.Gradient.Should().NotBeNull();
        new HeadImportance(model, CPU, ImportanceMeasures.Ablation).Of(Windows, Stop).Loss.Should().BeApproximately(Loss(model), 1e-6);
    }

    private static double Score(BertForQuestionAnswering model)
    {
        using var scope = NewDisposeScope();
        return Windows.Average(window =>
        {
            var logits = Masked.Logits(model, new TrainingBatch([window], 0, CPU).Input);
            return (double)LogitTarget.Span(new TokenSpan(window.Label.Start, window.Label.End)).Of(logits[0], logits[1]).item<float>();
        });
    }

    [Fact]
    public void Questions_count_the_same_however_many_windows_they_have()
    {
        using var folder = new ModelFolder();
        using var model = BertForQuestionAnswering.FromPretrained(folder.Path);
        var set = TrainingSet.Build(
            BertTokenizer.FromPretrained(folder.Path),
            [.. TrainingRows.Of(6), TrainingRows.Of(1)[0] with { Id = "blank", Question = " " }],
            new WindowOptions(40, 8),
            Stop
        );
        set.Windows.Count.Should().BeGreaterThan(6);
        var summary = new ImportanceSummary(model.Config);

        var questions = new HeadImportance(model, CPU, ImportanceMeasures.Both).Over(set, Stop).ToList();
        questions.ForEach(summary.Add);

        questions.Select(question => question.Row).Should().Equal(0, 1, 2, 3, 4, 5);
        (summary.Questions, summary.Windows).Should().Be((6, set.Windows.Count));
        summary.Loss.Should().BeApproximately(questions.Average(question => question.Loss), 1e-12);
        summary.Gradient![1][2].Should().BeApproximately(questions.Average(question => Math.Abs(question.Gradient![1][2])), 1e-12);
        summary.LossChange![1][2].Should().BeApproximately(questions.Average(question => question.LossChange![1][2]), 1e-12);
        summary.ScoreChange![0][3].Should().BeApproximately(questions.Average(question => question.ScoreChange![0][3]), 1e-12);
        summary.RankCorrelation.Should().BeInRange(-1, 1);
    }

    [Fact]
    public void The_least_important_come_first()
    {
        double[][] importance =
        [
            [0.3, -0.1, 0.2],
            [],
            [0.2, 0.0],
        ];

        ImportanceSummary.Least(importance, 4).Should().Equal([new(0, 1), new(2, 1), new(0, 2), new(2, 0)]);
        FluentActions
            .Invoking(() => ImportanceSummary.Least(importance, 6))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("the 6 least important heads are asked for; the model has 5.");
    }

    [Fact]
    public void Some_questions_are_drawn_by_seed_in_their_order()
    {
        var rows = TrainingRows.Of(30);

        var drawn = HeadImportance.Draw(rows, 7, seed: 3);

        drawn.Should().HaveCount(7).And.OnlyHaveUniqueItems().And.BeSubsetOf(rows);
        drawn.Should().Equal(HeadImportance.Draw(rows, 7, seed: 3));
        drawn.Should().NotEqual(HeadImportance.Draw(rows, 7, seed: 4));
        drawn.Select(row => rows.IndexOf(row)).Should().BeInAscendingOrder();
        HeadImportance.Draw(rows, 99, seed: 3).Should().Equal(rows);
    }

    [Fact]
    public void A_model_in_training_mode_is_refused()
    {
        using var model = TinyModel.Random();
        model.train();

        FluentActions
            .Invoking(() => new HeadImportance(model, CPU).Of(Windows, Stop))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("the model is in training mode*");
    }

    [Fact]
    public void The_loss_of_each_window_has_the_batchs_loss_as_its_mean()
    {
        using var scope = NewDisposeScope();
        Tensor starts = rand(3, 5),
            ends = rand(3, 5),
            first = tensor(new long[] { 1, 0, 4 }),
            last = tensor(new long[] { 2, 0, 4 });

        var each = QuestionAnsweringLoss.OfEach(starts, ends, first, last);

        each.shape.Should().Equal(3);
        each.mean().item<float>().Should().BeApproximately(QuestionAnsweringLoss.Of(starts, ends, first, last).item<float>(), 1e-6f);
        QuestionAnsweringLoss
            .OfEach(starts, ends, tensor(new long[] { 9, 9, 9 }), tensor(new long[] { 5, 5, 5 }))
            .abs()
            .sum()
            .item<float>()
            .Should()
            .Be(0);
    }
}
