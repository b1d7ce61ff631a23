using XDistilTorch.Training;

namespace XDistilTorch.Tests.Training;

public class TrainingPlanTests
{
    private static TrainingPlan Plan(TrainingOptions options, int windows = 100) => new(options, [.. Enumerable.Repeat(20, windows)]);

    [Theory]
    [InlineData(100, 8, 1, 3.0, 39)] // 12.5 batches an epoch
    [InlineData(100, 8, 4, 3.0, 12)] // 13 batches are four steps, the last of one batch
    [InlineData(100, 8, 1, 0.5, 7)]
    [InlineData(3, 8, 4, 1.0, 1)]
    public void Steps_are_counted_as_in_the_reference(int windows, int batch, int accumulation, double epochs, long steps) =>
        Plan(
            new()
            {
                PerDeviceTrainBatchSize = batch,
                GradientAccumulationSteps = accumulation,
                NumTrainEpochs = epochs,
            },
            windows
        )
            .TotalSteps.Should()
            .Be(steps);

    [Fact]
    public void The_batches_of_all_steps_of_an_epoch_are_its_windows()
    {
        var plan = Plan(new() { GradientAccumulationSteps = 3, NumTrainEpochs = 2 });

        foreach (var epoch in new[] { 0, 1 })
            Enumerable
                .Range(0, (int)plan.StepsPerEpoch)
                .SelectMany(step => plan.Batches(epoch * plan.StepsPerEpoch + step))
                .SelectMany(batch => batch)
                .Order()
                .Should()
                .Equal(Enumerable.Range(0, 100));
    }

    [Fact]
    public void Max_steps_go_before_epochs_and_warmup_steps_before_the_ratio()
    {
        var plan = Plan(
            new()
            {
                MaxSteps = 50,
                WarmupRatio = 0.11,
                LearningRate = 1,
            }
        );

        plan.TotalSteps.Should().Be(50);
        plan.WarmupSteps.Should().Be(6, "5.5 is rounded up");
        Plan(new() { WarmupRatio = 0.5, WarmupSteps = 2 }).WarmupSteps.Should().Be(2);
        plan.Schedule.At(0).Should().Be(0);
        plan.Schedule.At(6).Should().Be(1);
        plan.Schedule.At(50).Should().Be(0);
    }

    [Fact]
    public void The_cosine_falls_by_half_in_the_middle_and_constant_stays()
    {
        new LearningRateSchedule(SchedulerType.Cosine, 2, 0, 10).At(5).Should().BeApproximately(1, 1e-12);
        new LearningRateSchedule(SchedulerType.Cosine, 2, 0, 10).At(10).Should().BeApproximately(0, 1e-12);
        new LearningRateSchedule(SchedulerType.Constant, 2, 4, 10).At(9).Should().Be(2);
    }

    [Fact]
    public void Options_outside_of_their_range_are_refused()
    {
        foreach (
            var options in new TrainingOptions[]
            {
                new() { LearningRate = double.NaN },
                new() { NumTrainEpochs = 0 },
                new() { MaxSteps = 0 },
                new() { PerDeviceTrainBatchSize = 0 },
                new() { GradientAccumulationSteps = 0 },
                new() { WarmupRatio = 1.5 },
                new() { WarmupSteps = -1 },
                new() { WeightDecay = -1 },
                new() { MaxGradNorm = -1 },
                new() { FreezeLayers = -1 },
            }
        )
            ((Action)(() => Plan(options))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => Plan(new(), windows: 0))).Should().Throw<ArgumentException>();
    }
}
