using CsCheck;
using XDistilTorch.Engines;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Comparison;

namespace XDistilTorch.Tests.Inspection.Comparison;

public class AnswerDivergenceTests
{
    private static readonly Gen<WindowLogits> Logits = Gen.Select(
        Gen.Float[-40, 40].Array[9],
        Gen.Float[-40, 40].Array[9],
        (start, end) => new WindowLogits(start, end)
    );

    [Fact]
    public void It_is_symmetric_at_most_ln_2_nothing_with_itself_and_blind_to_what_softmax_is_blind_to() =>
        Gen.Select(Logits, Logits, Gen.Float[-5, 5])
            .Sample(
                t =>
                {
                    var (one, other, shift) = t;
                    var divergence = AnswerDivergence.Of(one, other);

                    divergence.Should().BeInRange(0, Math.Log(2));
                    AnswerDivergence.Of(other, one).Should().BeApproximately(divergence, 1e-12);
                    AnswerDivergence.Of(one, one).Should().Be(0);
                    var shifted = new WindowLogits([.. one.Start.Select(logit => logit + shift)], one.End);
                    AnswerDivergence.Of(one, shifted).Should().BeLessThan(1e-9);
                },
                iter: 200
            );

    [Fact]
    public void Starts_at_one_token_and_at_another_are_ln_2_apart_of_which_the_ends_take_half()
    {
        var one = new WindowLogits([200, 0, 0], [0, 0, 200]);
        var other = new WindowLogits([0, 200, 0], [0, 0, 200]);

        AnswerDivergence.Of(one, other).Should().BeApproximately(Math.Log(2) / 2, 1e-12);
        FluentActions
            .Invoking(() => AnswerDivergence.Of(one, new WindowLogits([1], [1])))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("*3 and of 1 tokens do not compare*");
    }
}
