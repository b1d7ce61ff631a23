using CsCheck;
using XDistilTorch.Inspection;
using XDistilTorch.Testing;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection;

public class SinkShareTests
{
    [Fact]
    public void Is_the_groups_masses_on_the_special_tokens_weighted_by_how_many_tokens_they_have() =>
        RandomAttention.Any.Sample(
            random =>
            {
                using var scope = NewDisposeScope();
                var groups = random.Groups(padding: true);
                if (Array.TrueForAll(groups, group => group is null))
                    return;

                var share = SinkShare.Of(random.Probabilities(), groups);

                var mass = GroupMass.Of(random.Probabilities(), groups);
                var expected = zeros([random.Heads], ScalarType.Float64);
                for (var g = 0; g < mass.Groups.Count; g++)
                for (var k = 0; k < mass.Groups.Count; k++)
                    if (mass.Groups[k] is TokenGroup.Cls or TokenGroup.Sep)
                        expected += mass.Mass.select(-2, g).select(-1, k) * groups.Count(group => group == mass.Groups[g]);
                share.ShouldBeWithin(1e-12, expected / groups.Count(group => group is not null));
            },
            iter: 100,
            threads: 1
        );

    [Fact]
    public void All_attention_on_the_separator_is_1_and_without_special_tokens_it_is_0()
    {
        using var scope = NewDisposeScope();
        var onSecond = tensor(new[] { 0f, 1f, 0f }).expand(2, 3, 3);

        SinkShare.Of(onSecond, [TokenGroup.Cls, TokenGroup.Sep, TokenGroup.Context]).ShouldBeWithin(0, ones(2));
        SinkShare.Of(onSecond, [TokenGroup.Context, TokenGroup.Context, TokenGroup.Context]).ShouldBeWithin(0, zeros(2));
    }
}
