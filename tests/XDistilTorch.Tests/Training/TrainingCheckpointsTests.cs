using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Modeling;
using XDistilTorch.Training;
using XDistilTorch.Windows;

namespace XDistilTorch.Tests.Training;

/// <summary>Alone: dropout takes torch's own generator, which belongs to the whole process.</summary>
[Collection(nameof(QaTrainerTests))]
public sealed class TrainingCheckpointsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-train-").FullName;
    private readonly TrainingWindow[] windows =
    [
        .. Enumerable.Range(0, 12).Select(i => new TrainingWindow(i, [2, 4 + i, 5, 6, 7 + i, 3], 3, new TrainingLabel(4, 4))),
    ];

    private static TrainingOptions Options => new() { LearningRate = 1e-2, PerDeviceTrainBatchSize = 4 };

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static void Steps(QaTrainer trainer, int count)
    {
        for (var i = 0; i < count; i++)
            trainer.Step(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_training_that_was_ended_at_any_step_goes_on_to_the_same_bits()
    {
        using var whole = TinyModel.Random();
        using var uninterrupted = new QaTrainer(whole, windows, Options);
        var steps = uninterrupted.Run(TestContext.Current.CancellationToken).ToList();
        var checkpoints = new TrainingCheckpoints(folder);

        for (var at = 0; at < steps.Count; at++) // a new process each time, as it were
        {
            using var model = TinyModel.Random(seed: at == 0 ? 1 : 50 + at);
            using var trainer = new QaTrainer(model, windows, Options);
            checkpoints.Resume(trainer).Should().Be(at);
            trainer.Step(TestContext.Current.CancellationToken).Should().Be(steps[at]);
            checkpoints.Save(trainer);
        }

        using var last = TinyModel.Random(seed: 99);
        using var resumed = new QaTrainer(last, windows, Options);
        checkpoints.Resume(resumed).Should().Be(steps.Count);
        foreach (var (name, parameter) in whole.named_parameters())
            last.get_parameter(name)!.ShouldEqualBitForBit(parameter, name);
        foreach (var (name, tensor) in uninterrupted.Optimizer.State)
            resumed.Optimizer.State[name].ShouldEqualBitForBit(tensor, name);
    }

    [Fact]
    public void What_was_being_written_when_the_process_ended_is_not_picked_up()
    {
        using var model = TinyModel.Random();
        using var trainer = new QaTrainer(model, windows, Options);
        var checkpoints = new TrainingCheckpoints(folder);
        Steps(trainer, 1);
        checkpoints.Save(trainer);
        var torn = Path.Combine(folder, ".checkpoint-2.tmp");
        Directory.CreateDirectory(torn);
        File.WriteAllText(Path.Combine(torn, "model.safetensors"), "half");

        checkpoints.Steps.Should().Equal(1);
        checkpoints.Resume(trainer).Should().Be(1);
        Steps(trainer, 1);
        checkpoints.Save(trainer);

        checkpoints.Steps.Should().Equal(1, 2);
        Directory.Exists(torn).Should().BeFalse();
    }

    [Fact]
    public void A_checkpoint_that_is_damaged_says_how_to_go_on_without_it()
    {
        using var model = TinyModel.Random();
        using var trainer = new QaTrainer(model, windows, Options);
        var checkpoints = new TrainingCheckpoints(folder);
        checkpoints.Save(trainer);
        Steps(trainer, 1);
        checkpoints.Save(trainer);
        var weights = Path.Combine(checkpoints.PathOf(1), "model.safetensors");
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^8]);

        ((Action)(() => checkpoints.Resume(trainer)))
            .Should()
            .Throw<CheckpointException>()
            .WithMessage("*Without the folder *checkpoint-1 the training goes on from the checkpoint before.");
        Directory.Delete(checkpoints.PathOf(1), recursive: true);
        checkpoints.Resume(trainer).Should().Be(0);
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_leaves_nothing()
    {
        using var model = TinyModel.Random();
        using var trainer = new QaTrainer(model, windows, Options);
        var checkpoints = new TrainingCheckpoints(folder);

        ((Action)(() => checkpoints.Save(trainer, _ => throw new IOException("No space left on device"))))
            .Should()
            .Throw<TrainingException>()
            .WithMessage("*checkpoint-0 cannot be written: No space left on device");
        ((Action)(() => checkpoints.Save(trainer, aside => throw new ConfigException($"{aside}/config.json: cannot be written"))))
            .Should()
            .Throw<TrainingException>()
            .WithMessage("*checkpoint-0 cannot be written: *checkpoint-0/config.json: cannot be written");
        Directory.GetFileSystemEntries(folder).Should().BeEmpty();
    }

    [Fact]
    public void Another_option_or_other_data_is_refused_by_name()
    {
        using var model = TinyModel.Random();
        var checkpoints = new TrainingCheckpoints(folder);
        using (var trainer = new QaTrainer(model, windows, Options))
            checkpoints.Save(trainer);
        void Refused(QaTrainer other, string what)
        {
            using (other)
                ((Action)(() => checkpoints.Resume(other)))
                    .Should()
                    .Throw<TrainingException>()
                    .WithMessage($"*is of another training: {what}.*");
        }

        Refused(new QaTrainer(model, windows, Options with { Seed = 43 }), "seed was 42, is 43");
        Refused(new QaTrainer(model, windows[1..], Options), "the data (or how it is cut into windows) is another");
        Refused(
            new QaTrainer(model, [windows[0] with { Label = TrainingLabel.None }, .. windows[1..]], Options),
            "the data (or how it is cut into windows) is another"
        );
    }

    [Fact]
    public void A_checkpoint_of_another_shape_changes_nothing()
    {
        using var model = TinyModel.Random();
        using var trainer = new QaTrainer(model, windows, Options);
        var checkpoints = new TrainingCheckpoints(folder);
        checkpoints.Save(trainer);
        using var wider = TinyModel.Random(hidden: 36);
        using var other = new QaTrainer(wider, windows, Options);
        using var before = wider.get_parameter("qa_outputs.weight")!.detach().clone();

        ((Action)(() => checkpoints.Resume(other))).Should().Throw<CheckpointException>().WithMessage("*do not fit the training*");

        wider.get_parameter("qa_outputs.weight")!.ShouldEqualBitForBit(before);
    }

    [Fact]
    public void Old_checkpoints_go_and_the_one_to_keep_stays()
    {
        using var model = TinyModel.Random();
        using var trainer = new QaTrainer(model, windows, Options);
        var checkpoints = new TrainingCheckpoints(folder);
        for (var i = 0; i < 5; i++)
        {
            checkpoints.Save(trainer);
            Steps(trainer, 1);
        }

        checkpoints.Prune(2, keep: 1);

        checkpoints.Steps.Should().Equal(1, 3, 4);
    }
}
