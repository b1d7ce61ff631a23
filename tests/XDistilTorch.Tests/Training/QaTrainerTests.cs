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

    /// <summary>Batches in pieces and in parts of steps, clipping and rate, against each window's own gradient.</summary>
    [Theory, InlineData(16, 1, 0), InlineData(16, 1, 0.01), InlineData(3, 6, 0), InlineData(5, 4, 0.01)]
    public void A_step_goes_down_the_mean_gradient_of_its_windows(int batch, int accumulation, double most)
    {
        // Of two lengths, which never come into one piece: logits of padding take part in the loss, as in the reference.
        TrainingWindow[] windows =
        [
            .. Windows(16)
                .Select(
                    (window, i) => window with { Ids = [2, .. Enumerable.Range(4 + i, i % 3 == 0 ? 28 : 6).Select(id => id % 46 + 4), 3] }
                )
                .Select((window, i) => window with { Label = i % 4 == 0 ? TrainingLabel.None : new TrainingLabel(4, 5 + i % 3) }),
        ];
        var options = Options with
        {
            PerDeviceTrainBatchSize = batch,
            GradientAccumulationSteps = accumulation,
            WarmupRatio = 0,
            MaxGradNorm = most,
        };
        using var model = TinyModel.Random(dropout: 0);
        // Adam would blow the rounding of gradients that are 0 in truth up to a whole step.
        using var trainer = new QaTrainer(model, windows, options, optimizer: parameters => new PlainDescent(parameters));
        var batches = trainer.Plan.Batches(0);
        batches.Sum(each => each.Length).Should().Be(16);
        var expected = Expected(windows, batches, most);

        var step = trainer.Step(TestContext.Current.CancellationToken);

        step.GradNorm.Should().BeApproximately(expected.Norm, 1e-5 * expected.Norm);
        foreach (var (name, weight) in Weights(model))
            weight.ShouldBeWithin(1e-6, expected.Weights[name], name);
    }

    // Every window alone: its share is that of its batch among the step's batches, evenly within.
    private static (Dictionary<string, Tensor> Weights, double Norm) Expected(
        TrainingWindow[] windows,
        IReadOnlyList<int[]> batches,
        double most
    )
    {
        using var model = TinyModel.Random(dropout: 0);
        var gradients = model.named_parameters().ToDictionary(p => p.name, p => zeros_like(p.parameter));
        foreach (var batch in batches)
        foreach (var i in batch)
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            new QuestionAnsweringObjective().Loss(model, new TrainingBatch([windows[i]], 0, CPU)).backward();
            using var _ = no_grad();
            foreach (var (name, parameter) in model.named_parameters())
                gradients[name].add_(parameter.grad!, 1.0 / batches.Count / batch.Length);
        }
        var norm = Math.Sqrt(gradients.Values.Sum(gradient => gradient.square().sum().item<float>()));
        var rate = Options.LearningRate * (most > 0 ? Math.Min(1, most / norm) : 1);
        return (Weights(model).ToDictionary(p => p.Key, p => p.Value.sub(gradients[p.Key].mul(rate))), norm);
    }

    [Fact]
    public void Steps_leave_no_tensors_behind()
    {
        using var model = TinyModel.Random();
        using var trainer = new QaTrainer(model, Windows(), Options with { NumTrainEpochs = 20 });
        long After(int steps)
        {
            for (var i = 0; i < steps; i++)
                trainer.Step(TestContext.Current.CancellationToken);
            return Tensor.TotalCount;
        }

        var few = After(3);

        // What other tests left to the garbage collector may go meanwhile; one gradient a step would be 40 more.
        After(40).Should().BeLessThan(few + 20, "gradients that wait for the garbage collector hold their memory");
    }

    [Fact]
    public void Weights_that_a_step_ruined_are_told()
    {
        using var model = TinyModel.Random();
        using var trainer = new QaTrainer(model, Windows(), Options with { LearningRate = 1e30, WarmupRatio = 0, MaxGradNorm = 0 });
        trainer.RefuseRuined();

        trainer.Step(TestContext.Current.CancellationToken);

        FluentActions
            .Invoking(trainer.RefuseRuined)
            .Should()
            .Throw<TrainingException>()
            .WithMessage("step 1 of 16 has ruined the weights*");
    }

    [Fact]
    public void What_wanted_no_gradient_before_stays_and_what_the_options_froze_wants_one_again()
    {
        using var model = TinyModel.Random(layers: 3);
        var own = model.get_parameter("bert.encoder.layer.2.attention.self.query.weight")!;
        own.requires_grad = false;
        var options = Options with { FreezeLayers = 1 };

        using (var trainer = new QaTrainer(model, Windows(), options))
        {
            own.requires_grad.Should().BeFalse();
            model.get_parameter("bert.encoder.layer.0.attention.self.query.weight")!.requires_grad.Should().BeFalse();
        }

        model.parameters().Where(parameter => !parameter.requires_grad).Should().HaveCount(1);
        own.requires_grad.Should().BeFalse();
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

        step.Should()
            .Throw<TrainingException>()
            .WithMessage("step 3 of 16: the loss is NaN; the step is not done.*")
            .Which.Rows.Should()
            .BeEquivalentTo(trainer.Plan.Batches(2)[0]);
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
