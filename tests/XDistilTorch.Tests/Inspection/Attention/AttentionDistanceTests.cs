using CsCheck;
using XDistilTorch.Inspection;
using XDistilTorch.Testing;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection;

public class AttentionDistanceTests
{
    [Theory(SkipTestWithoutData = true), MemberData(nameof(AttentionGoldens.All), MemberType = typeof(AttentionGoldens))]
    public void Equals_the_reference(string name, ScalarType type)
    {
        using var goldens = new AttentionGoldens(name, type);
        using var scope = NewDisposeScope();

        goldens
            .OverAllQueries((attention, mask) => AttentionDistance.Of(attention, mask))
            .ShouldBeWithin(AttentionGoldens.Tolerance, goldens["attention_distance"]);
    }

    [Fact]
    public void Is_0_for_oneself_1_for_the_token_before_and_never_more_than_the_window() =>
        RandomAttention.Any.Sample(
            random =>
            {
                using var scope = NewDisposeScope();
                var (heads, length) = (random.Heads, random.Length);
                var self = eye(length, dtype: ScalarType.Float64);

                AttentionDistance.Of(self.expand(heads, length, length)).ShouldBeWithin(0, zeros([heads], ScalarType.Float64));
                AttentionDistance
                    .Of(self.roll(-1, 1).expand(heads, length, length))
                    .ShouldBeWithin(1e-12, full([heads], 2.0 * (length - 1) / length, ScalarType.Float64)); // the first looks at the last
                AttentionDistance
                    .Of(random.Probabilities())
                    .data<double>()
                    .Should()
                    .OnlyContain(value => value >= 0 && value <= length - 1);
            },
            iter: 100,
            threads: 1
        );
}
