using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Modeling;
using XDistilTorch.Training;
using XDistilTorch.Windows;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Training;

/// <summary>Alone: training takes torch's own generator, which belongs to the whole process.</summary>
[Collection(nameof(QaTrainerTests))]
public class DistillationTests
{
    private const string Tensors = "model/tiny/distillation.safetensors";

    private static readonly DistillationOptions All = new(Labels: 0);

    [Fact]
    public void Losses_and_gradients_equal_the_reference()
    {
        using var golden = GoldenTensors.Require(Tensors);
        using var student = TinyModel.Load();
        using var teacher = BertForQuestionAnswering.FromPretrained(GoldenFolder.Require("model/tiny/teacher"));
        using var objective = new DistillationObjective(student, teacher, All);
        var projection = objective.Parameters.Single().Parameter;
        using (no_grad())
            projection.copy_(golden["input/projection"]);
        using var scope = NewDisposeScope();
        var input = golden.Input("input");
        var none = zeros(input.InputIds!.shape[0], dtype: ScalarType.Int64);
        var batch = new TrainingBatch(input, none, none);

        var parts = objective.PartsOf(student, batch);
        objective.Loss(student, batch).backward();

        parts.Logits.ShouldBeWithin(1e-5, golden["loss/logits"], "logits");
        parts.Hidden!.ShouldBeWithin(1e-5, golden["loss/hidden"], "hidden");
        parts.Attention!.ShouldBeWithin(1e-5, golden["loss/attention"], "attention");
        projection.grad!.ShouldBeWithin(1e-5, golden["grad/projection"], "projection");
        foreach (var (name, parameter) in student.named_parameters())
            parameter.grad!.ShouldBeWithin(1e-5, golden[$"grad/{name}"], name);
        teacher.parameters().Should().OnlyContain(p => object.ReferenceEquals(p.grad, null));
    }

    [Fact]
    public void A_student_that_is_its_teacher_has_nothing_to_learn()
    {
        using var student = TinyModel.Random(dropout: 0);
        using var teacher = TinyModel.Random(dropout: 0);
        using var objective = new DistillationObjective(student, teacher, All);
        using var scope = NewDisposeScope();

        objective.Parameters.Should().BeEmpty("the widths are equal");
        objective.Loss(student, Batch()).item<float>().Should().BeApproximately(0, 1e-6f);
    }

    [Fact]
    public void A_student_comes_nearer_to_its_teacher()
    {
        using var student = TinyModel.Random(seed: 2, dropout: 0);
        using var teacher = TinyModel.Random(layers: 3, hidden: 30, dropout: 0);
        using var objective = new DistillationObjective(student, teacher, All);
        TrainingWindow[] windows = [.. Enumerable.Range(0, 8).Select(Window)];
        using var trainer = new QaTrainer(
            student,
            windows,
            new()
            {
                LearningRate = 1e-2,
                NumTrainEpochs = 40,
                PerDeviceTrainBatchSize = 8,
            },
            objective
        );

        var losses = trainer.Run(TestContext.Current.CancellationToken).Select(step => step.Loss).ToList();

        losses[^1].Should().BeLessThan(0.5 * losses[0]);
    }

    [Fact]
    public void A_batch_in_pieces_has_the_loss_of_the_whole_batch()
    {
        using var student = TinyModel.Random(seed: 2, dropout: 0);
        using var teacher = TinyModel.Random(dropout: 0);
        using var objective = new DistillationObjective(student, teacher, All);
        TrainingWindow[] windows = [Window(0), Window(1), Window(20)]; // the long one goes alone
        using var scope = NewDisposeScope();
        var whole = objective.Loss(student, new TrainingBatch(windows, 0, CPU)).item<float>();
        using var trainer = new QaTrainer(student, windows, new() { LearningRate = 0, PerDeviceTrainBatchSize = 3 }, objective);

        trainer.Step(TestContext.Current.CancellationToken).Loss.Should().BeApproximately(whole, 1e-5 * whole);
    }

    [Fact]
    public void Models_that_do_not_compare_are_refused()
    {
        using var student = TinyModel.Random();
        using var teacher = TinyModel.Random(heads: 4);
        void Refused(DistillationOptions options, string message) =>
            ((Func<DistillationObjective>)(() => new(student, teacher, options))).Should().Throw<ArgumentException>().WithMessage(message);

        Refused(All, "*3 heads, the teacher 4*");
        Refused(All with { Attention = 0, Layers = 3 }, "3 layers are to be compared, expected 1 to 2*");
        Refused(All with { Attention = 0, Temperature = 0 }, "the temperature is 0*");
        Refused(All with { Attention = -1 }, "a weight is -1*");
        Refused(new DistillationOptions(Labels: 0, Logits: 0, Hidden: 0, Attention: 0), "all weights are 0*");
    }

    private static TrainingWindow Window(int i) => new(i, [2, 4 + i, 5, 3, 7, .. Enumerable.Range(8, i + 1), 3], 4, TrainingLabel.None);

    private static TrainingBatch Batch() => new([Window(0), Window(3)], 0, CPU);
}
