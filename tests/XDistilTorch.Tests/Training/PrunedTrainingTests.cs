using XDistilTorch.Pruning;
using XDistilTorch.Tests.Modeling;
using XDistilTorch.Training;
using XDistilTorch.Windows;

namespace XDistilTorch.Tests.Training;

/// <summary>Alone: training takes torch's own generator, which belongs to the whole process.</summary>
[Collection(nameof(QaTrainerTests))]
public class PrunedTrainingTests
{
    private static readonly AttentionHead[] Gone = [new(0, 0), new(0, 1), new(0, 2), new(1, 1)];

    private static TrainingWindow[] Windows() =>
        [.. Enumerable.Range(0, 12).Select(i => new TrainingWindow(i, [2, 5, 4 + i, 3, 20 + i, 9, 3], 4, new TrainingLabel(4, 4 + i % 2)))];

    [Fact]
    public void A_pruned_model_learns_also_where_a_layer_has_no_heads()
    {
        using var whole = TinyModel.Random(dropout: 0.1);
        using var model = ModelPruning.Heads(whole, Gone);
        using var trainer = new QaTrainer(
            model,
            Windows(),
            new TrainingOptions
            {
                LearningRate = 1e-2,
                NumTrainEpochs = 20,
                PerDeviceTrainBatchSize = 4,
                MaxGradNorm = 1,
            }
        );

        var steps = trainer.Run(TestContext.Current.CancellationToken).ToList();

        steps.TakeLast(4).Average(step => step.Loss).Should().BeLessThan(0.3 * steps.Take(4).Average(step => step.Loss));
        foreach (var (name, parameter) in model.named_parameters())
            parameter.isfinite().all().item<bool>().Should().BeTrue(name);
        model.get_parameter("bert.encoder.layer.0.attention.self.value.weight")!.shape.Should().Equal(0, 24);
    }

    [Fact]
    public void Attention_is_taught_only_where_the_same_heads_are_left()
    {
        using var teacher = TinyModel.Random(dropout: 0);
        using var student = ModelPruning.Heads(teacher, Gone);
        var options = new DistillationOptions(Labels: 0, Hidden: 0) { Layers = 1 };

        FluentActions
            .Invoking(() => new DistillationObjective(student, teacher, options))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("layer 1 of the student has heads 0, 2 left, layer 1 of the teacher 0, 1, 2: attention does not compare*");
        using var same = new DistillationObjective(student, student, options);
        FluentActions
            .Invoking(() => new DistillationObjective(student, student, options with { Layers = 2 }))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("layer 0 of the student has heads none left*");
    }
}
