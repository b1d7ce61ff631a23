using CsCheck;
using XDistilTorch.Inspection;
using XDistilTorch.Testing;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection;

public class GroupMassTests
{
    [Fact]
    public void Is_the_mean_over_a_groups_queries_of_their_mass_on_a_groups_keys()
    {
        using var scope = NewDisposeScope();
        var attention = tensor(new[] { 0.5f, 0.25f, 0.25f, 0.1f, 0.2f, 0.7f, 0.3f, 0.6f, 0.1f }, [1, 3, 3]);

        var mass = GroupMass.Of(attention, [TokenGroup.Cls, TokenGroup.Context, TokenGroup.Context]);

        mass.Groups.Should().Equal(TokenGroup.Cls, TokenGroup.Context);
        mass.Mass.ShouldBeWithin(1e-6, tensor(new[] { 0.5f, 0.5f, 0.2f, 0.8f }, [1, 2, 2]));
        mass.Row(TokenGroup.Context).ShouldBeWithin(1e-6, tensor(new[] { 0.2f, 0.8f }, [1, 2]));
        FluentActions
            .Invoking(() => mass.Row(TokenGroup.Answer))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("no token is of the group Answer; the window has Cls, Context.");
    }

    [Fact]
    public void Rows_sum_to_1_whatever_the_groups() =>
        RandomAttention.Any.Sample(
            random =>
            {
                using var scope = NewDisposeScope();

                var mass = GroupMass.Of(random.Probabilities(), random.Groups());

                mass.Groups.Should().BeEquivalentTo(random.Groups().Distinct());
                mass.Mass.sum(-1).ShouldBeWithin(1e-12, ones([random.Heads, mass.Groups.Count], ScalarType.Float64));
            },
            iter: 100,
            threads: 1
        );

    [Fact]
    public void Padding_is_in_no_group_and_windows_come_together_as_alone()
    {
        using var scope = NewDisposeScope();
        var random = new RandomAttention(2, 9, 5);
        var both = stack([random.Probabilities(), random.Probabilities(1)], 0); // [B, heads, S, S]
        TokenGroup?[] groups = [TokenGroup.Cls, TokenGroup.Question, TokenGroup.Sep, .. Enumerable.Repeat<TokenGroup?>(null, 6)];

        var mass = GroupMass.Of(both, groups).Mass;

        mass.shape.Should().Equal(2, 2, 3, 3);
        mass[1].ShouldBeWithin(1e-12, GroupMass.Of(random.Probabilities(1), groups).Mass);
        mass[0].ShouldBeWithin(1e-12, random.Probabilities().slice(-2, 0, 3, 1).slice(-1, 0, 3, 1)); // groups of one token: the attention itself
    }

    [Fact]
    public void Attention_of_another_shape_is_refused() =>
        FluentActions
            .Invoking(() => GroupMass.Of(zeros(2, 3, 3), new TokenGroup?[4]))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("attention is [2, 3, 3], expected [..., heads, 4, 4].*");
}
