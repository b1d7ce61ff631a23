using CsCheck;
using XDistilTorch.Inspection;
using XDistilTorch.Testing;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection;

public class AttentionRolloutTests
{
    [Theory(SkipTestWithoutData = true), MemberData(nameof(AttentionGoldens.All), MemberType = typeof(AttentionGoldens))]
    public void Equals_the_reference(string name, ScalarType type)
    {
        using var goldens = new AttentionGoldens(name, type);
        using var scope = NewDisposeScope();

        var rollouts = AttentionRollout.Of(goldens.Recording.Layers.Select(goldens.Recording.Probabilities));

        rollouts.Should().HaveCount(2);
        for (var layer = 0; layer < rollouts.Count; layer++)
            rollouts[layer].ShouldBeWithin(AttentionGoldens.Tolerance, goldens[$"rollout.{layer}"], $"after layer {layer}");
    }

    [Fact]
    public void Rows_sum_to_1_and_nothing_is_negative() =>
        RandomAttention.Any.Sample(
            random =>
            {
                using var scope = NewDisposeScope();

                var rollouts = AttentionRollout.Of(Enumerable.Range(0, 4).Select(random.Probabilities));

                foreach (var rollout in rollouts)
                {
                    rollout.sum(-1).ShouldBeWithin(1e-12, ones([random.Length], ScalarType.Float64));
                    rollout.min().item<double>().Should().BeGreaterThanOrEqualTo(0);
                }
            },
            iter: 100,
            threads: 1
        );

    [Fact]
    public void Heads_that_look_at_themselves_only_leave_everything_where_it_is()
    {
        using var scope = NewDisposeScope();

        AttentionRollout.Of([eye(5).expand(2, 5, 5), eye(5).expand(2, 5, 5)])[1].ShouldBeWithin(0, eye(5));
    }

    [Fact]
    public void Layers_that_differ_in_shape_are_refused()
    {
        using var scope = NewDisposeScope();
        FluentActions
            .Invoking(() => AttentionRollout.Of([ones(2, 3, 3), ones(2, 4, 4)]))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("layer 1 of those given is [2, 4, 4], expected the shape of those before.*");
        FluentActions
            .Invoking(() => AttentionRollout.Of([ones(3, 3)]))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("attention is [3, 3]*");
    }
}
