using CsCheck;
using XDistilTorch.Inspection;
using XDistilTorch.Testing;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection;

public class AttentionEntropyTests
{
    [Theory(SkipTestWithoutData = true), MemberData(nameof(AttentionGoldens.All), MemberType = typeof(AttentionGoldens))]
    public void Equals_the_reference(string name, ScalarType type)
    {
        using var goldens = new AttentionGoldens(name, type);
        using var scope = NewDisposeScope();

        goldens
            .OverAllQueries((attention, mask) => AttentionEntropy.Of(attention, mask))
            .ShouldBeWithin(AttentionGoldens.Tolerance, goldens["attention_entropy"]);
    }

    [Fact]
    public void Lies_between_0_and_the_logarithm_of_the_tokens() =>
        RandomAttention.Any.Sample(
            random =>
            {
                using var scope = NewDisposeScope();

                var entropy = AttentionEntropy.Of(random.Probabilities()).data<double>();

                entropy.Should().OnlyContain(value => value >= 0 && value <= Math.Log(random.Length) + 1e-12);
            },
            iter: 100,
            threads: 1
        );

    [Fact]
    public void Is_0_for_one_token_and_ln_S_for_all_alike()
    {
        using var scope = NewDisposeScope();

        AttentionEntropy.Of(eye(8).expand(2, 8, 8)).ShouldBeWithin(0, zeros(2));
        AttentionEntropy.Of(full([2, 8, 8], 1.0 / 8)).ShouldBeWithin(1e-6, full([2], Math.Log(8)));
    }

    [Fact]
    public void Queries_of_padding_are_left_out_and_a_mask_of_another_shape_is_refused()
    {
        using var scope = NewDisposeScope();
        var attention = stack([eye(4), full([4, 4], 0.25)], 0).unsqueeze(1); // [B, heads, S, S]
        attention[0, 0, 3] = tensor(new[] { 0.5f, 0.5f, 0f, 0f });

        var masked = AttentionEntropy.Of(attention, tensor(new long[] { 1, 1, 1, 0, 1, 1, 1, 0 }, [2, 4]));

        masked.ShouldBeWithin(1e-6, tensor(new[] { 0, (float)Math.Log(4) }, [2, 1]));
        AttentionEntropy.Of(attention).ShouldBeWithin(1e-6, tensor(new[] { (float)Math.Log(2) / 4, (float)Math.Log(4) }, [2, 1]));
        FluentActions
            .Invoking(() => AttentionEntropy.Of(attention, ones(3, 4)))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("the mask is [3, 4], expected *[2, 1, 4]*");
    }
}
