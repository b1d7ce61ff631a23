using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Modeling;
using XDistilTorch.Training;
using XDistilTorch.Windows;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Training;

[CollectionDefinition(nameof(QaTrainerTests), DisableParallelization = true)]
public class AloneWithTorchsSeed;

/// <summary>Alone: dropout takes torch's own generator, which belongs to the whole process.</summary>
[Collection(nameof(QaTrainerTests))]
public class QaTrainerTests
{
    private static TrainingWindow[] Windows(int count = 30)
    {
        var random = new Random(7);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    int[] ids = [2, .. Enumerable.Range(0, random.Next(5, 30)).Select(_ => random.Next(4, 50)), 3];
                    var start = random.Next(1, ids.Length - 1);
                    return new TrainingWindow(i, ids, 4, i % 3 == 0 ? TrainingLabel.None : new TrainingLabel(start, start));
                }),
        ];
    }

    private static TrainingOptions Options =>
        new()
        {
            LearningRate = 1e-2,
            NumTrainEpochs = 2,
            PerDeviceTrainBatchSize = 4,
            WarmupRatio = 0.1,
        };

    private static Dictionary<string, Tensor> Weights(BertForQuestionAnswering model) =>
        model.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().clone());

    [Fact]
    public void Training_learns_its_data_by_heart()
    {
        using var model = TinyModel.Random(dropout: 0);
        using var trainer = new QaTrainer(model, Windows(), Options with { NumTrainEpochs = 20 });

        var steps = trainer.Run(TestContext.Current.CancellationToken).ToList();

        steps.Should().HaveCount((int)trainer.Plan.TotalSteps);
        steps.TakeLast(8).Average(step => step.Loss).Should().BeLessThan(0.3 * steps.Take(8).Average(step => step.Loss));
        model.training.Should().BeFalse();
        model.parameters().Should().OnlyContain(p => object.ReferenceEquals(p.grad, null));
    }

    [Fact]
    public void A_training_that_goes_on_from_saved_state_ends_with_the_same_bits()
    {
        using var whole = TinyModel.Random(dropout: 0.2);
        using var uninterrupted = new QaTrainer(whole, Windows(), Options);
        var steps = uninterrupted.Run(TestContext.Current.CancellationToken).ToList();

        using var model = TinyModel.Random(dropout: 0.2);
        Dictionary<string, Tensor> weights,
            state;
        using (var first = new QaTrainer(model, Windows(), Options))
        {
            for (var i = 0; i < 5; i++)
                first.Step(TestContext.Current.CancellationToken).Should().Be(steps[i]);
            weights = Weights(model);
            state = first.Optimizer.State.ToDictionary(p => p.Key, p => p.Value.clone());
        }

        using var other = TinyModel.Random(seed: 99, dropout: 0.2);
        using (no_grad())
            foreach (var (name, parameter) in other.named_parameters())
                parameter.copy_(weights[name]);
        using var second = new QaTrainer(other, Windows(), Options) { StepsDone = 5 };
        using (no_grad())
            foreach (var (name, tensor) in second.Optimizer.State)
                tensor.copy_(state[name]);

        second.Run(TestContext.Current.CancellationToken).Should().Equal(steps.Skip(5));
        foreach (var (name, parameter) in whole.named_parameters())
            other.get_parameter(name)!.ShouldEqualBitForBit(parameter, name);
    }

    [Fact]
    public void Accumulated_batches_move_the_weights_like_one_batch_of_their_windows()
    {
        var windows = Windows(8).Select(window => window with { Ids = window.Ids[..6], Label = TrainingLabel.None }).ToArray();
        Dictionary<string, Tensor> After(int batch, int accumulation)
        {
            using var model = TinyModel.Random(dropout: 0);
            using var trainer = new QaTrainer(
                model,
                windows,
                Options with
                {
                    PerDeviceTrainBatchSize = batch,
                    GradientAccumulationSteps = accumulation,
                    WarmupRatio = 0,
                },
                // Adam would blow the rounding of gradients that are 0 in truth up to a whole step.
                optimizer: parameters => new PlainDescent(parameters)
            );
            trainer.Step(TestContext.Current.CancellationToken);
            return Weights(model);
        }

        var (one, four) = (After(8, 1), After(2, 4));
        foreach (var (name, weight) in one)
            four[name].ShouldBeWithin(1e-6, weight, name);
    }

    [Fact]
    public void Frozen_parts_stay_and_the_rest_moves()
    {
        using var model = TinyModel.Random(layers: 3);
        var before = Weights(model);
        using var trainer = new QaTrainer(model, Windows(), Options with { FreezeLayers = 2, WarmupRatio = 0 });

        trainer.Step(TestContext.Current.CancellationToken);

        foreach (var (name, parameter) in model.named_parameters())
        {
            var moves =
                name.StartsWith("bert.encoder.layer.2.", StringComparison.Ordinal)
                || name.StartsWith("qa_outputs", StringComparison.Ordinal);
            (parameter.MaxDifference(before[name]) > 0).Should().Be(moves, name);
        }
        trainer.TrainedParameters.Should().BeLessThan(before.Values.Sum(w => w.numel()));
        ((Func<QaTrainer>)(() => new QaTrainer(model, Windows(), Options with { FreezeLayers = 4 })))
            .Should()
            .Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_before_the_weights_are_touched()
    {
        using var model = TinyModel.Random();
        using var trainer = new QaTrainer(model, Windows(), Options, new Broken(fine: 2 * Options.PerDeviceTrainBatchSize));
        trainer.Step(TestContext.Current.CancellationToken);
        trainer.Step(TestContext.Current.CancellationToken);
        var before = Weights(model);

        var step = () => trainer.Step(TestContext.Current.CancellationToken);

        step.Should().Throw<TrainingException>().WithMessage("step 3 of 16: the loss is NaN; the weights are left as they were before.*");
        foreach (var (name, parameter) in model.named_parameters())
            parameter.ShouldEqualBitForBit(before[name], name);
        trainer.StepsDone.Should().Be(2);
    }

    [Fact]
    public void Cancelling_gives_the_step_up()
    {
        using var model = TinyModel.Random();
        using var trainer = new QaTrainer(model, Windows(), Options);
        var before = Weights(model);

        ((Action)(() => trainer.Step(new CancellationToken(canceled: true)))).Should().Throw<OperationCanceledException>();

        trainer.StepsDone.Should().Be(0);
        foreach (var (name, parameter) in model.named_parameters())
            parameter.ShouldEqualBitForBit(before[name], name);
    }

    private sealed class Broken(int fine) : ITrainingObjective
    {
        private readonly QuestionAnsweringObjective usual = new();
        private int seen;

        public Tensor Loss(BertForQuestionAnswering model, TrainingBatch batch)
        {
            var loss = usual.Loss(model, batch);
            seen += batch.Windows.Count; // a step may come in several pieces
            return seen > fine ? loss.mul(double.NaN) : loss;
        }
    }

    private sealed class PlainDescent(IReadOnlyList<(string Name, TorchSharp.Modules.Parameter Parameter)> parameters) : ITrainingOptimizer
    {
        public IReadOnlyDictionary<string, Tensor> State => new Dictionary<string, Tensor>();

        public void Step(double learningRate)
        {
            using var _ = no_grad();
            foreach (var (_, parameter) in parameters)
                parameter.sub_(parameter.grad!.mul(learningRate));
        }

        public void Dispose() { }
    }
}
