using XDistilTorch.Training;
using XDistilTorch.Training.Runs;

namespace XDistilTorch.Tests.Training.Runs;

public class BestEvaluationTests
{
    private static TrainingEvaluation At(long step, double loss, double f1) => new(step, step, loss, 0, f1, 10);

    [Fact]
    public void The_highest_F1_counts_the_earlier_of_equals_and_never_the_model_before()
    {
        var best = new BestEvaluation(BestMetric.F1);

        best.Add(At(0, 0.1, 99)).Should().BeFalse();
        best.Best.Should().BeNull();
        best.Add(At(5, 1, 40)).Should().BeTrue();
        best.Add(At(10, 1, 40)).Should().BeFalse();
        best.Add(At(15, 0.5, 39)).Should().BeFalse();
        (best.Best!.Step, best.Since).Should().Be((5, 2));
        best.Add(At(20, 2, 41)).Should().BeTrue();
        (best.Best!.Step, best.Since).Should().Be((20, 0));
    }

    [Fact]
    public void The_lowest_loss_counts()
    {
        var best = new BestEvaluation(BestMetric.Loss);

        best.Add(At(5, 1, 40)).Should().BeTrue();
        best.Add(At(10, 2, 50)).Should().BeFalse();
        best.Add(At(15, 0.5, 30)).Should().BeTrue();
        best.Best!.Step.Should().Be(15);
    }
}
