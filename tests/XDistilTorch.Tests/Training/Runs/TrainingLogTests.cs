using XDistilTorch.Training;
using XDistilTorch.Training.Runs;

namespace XDistilTorch.Tests.Training.Runs;

public sealed class TrainingLogTests : IDisposable
{
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    private static TrainingStep Step(long step) => new(step, step / 4.0, 1.0 / step, 5e-5 / step, 3.25, 100 + step);

    private static TrainingEvaluation Evaluation(long step) => new(step, step / 4.0, 0.1 + step, 40, 50.5, 8);

    private void Write(int steps)
    {
        using var log = TrainingLog.Open(path, 0);
        log.Add(Evaluation(0), TimeSpan.FromSeconds(1));
        for (var step = 1; step <= steps; step++)
        {
            log.Add(Step(step), TimeSpan.FromSeconds(0.5));
            if (step % 2 == 0)
                log.Add(Evaluation(step), TimeSpan.FromSeconds(2));
        }
    }

    [Fact]
    public void Rows_come_back_as_they_were_those_after_the_checkpoint_are_dropped()
    {
        Write(5);
        var all = File.ReadAllLines(path);

        using (var log = TrainingLog.Open(path, 3))
        {
            log.Steps.Should().Equal(Step(1), Step(2), Step(3));
            log.Evaluations.Should().Equal(Evaluation(0), Evaluation(2));
            log.Add(Step(4), TimeSpan.FromSeconds(0.5));
        }

        File.ReadAllLines(path).Should().Equal(all[..6]);
    }

    [Fact]
    public void A_line_that_was_torn_is_dropped()
    {
        Write(3);
        var whole = File.ReadAllText(path);
        for (var cut = whole.LastIndexOf("{\"step\":3", StringComparison.Ordinal); cut < whole.Length; cut += 7)
        {
            File.WriteAllText(path, whole[..cut]);
            using var log = TrainingLog.Open(path, 2);
            log.Steps.Should().HaveCount(2);
        }
    }

    [Fact]
    public void Rows_that_the_checkpoint_counts_on_and_strange_ones_are_told()
    {
        Write(3);

        FluentActions
            .Invoking(() => TrainingLog.Open(path, 7))
            .Should()
            .Throw<TrainingException>()
            .WithMessage("*tells of 3 steps, the checkpoint is of step 7*");
        File.WriteAllText(path, "{\"step\": 1, \"los\": 3}\n");
        FluentActions.Invoking(() => TrainingLog.Open(path, 7)).Should().Throw<TrainingException>().WithMessage("*line 1*los*");
    }
}
