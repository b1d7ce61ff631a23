using TorchSharp;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection.Attribution;

public class DirectAttributionTests
{
    public static TheoryData<string> Targets => ["start", "end", "span", "null", "margin", "difference"];

    private static LogitTarget Target(string name) =>
        name switch
        {
            "start" => LogitTarget.Start(6),
            "end" => LogitTarget.End(8),
            "span" => LogitTarget.Span(new TokenSpan(6, 8)),
            "null" => LogitTarget.Null,
            "margin" => LogitTarget.Margin(new TokenSpan(6, 8)),
            _ => LogitTarget.Span(new TokenSpan(6, 8)).Minus(LogitTarget.Span(new TokenSpan(6, 9))),
        };

    [Theory, MemberData(nameof(Targets))]
    public void The_terms_sum_to_the_target(string name)
    {
        using var golden = new AttributionGolden();
        using var model = TinyModel.Load();

        var terms = DirectAttribution.Of(model, golden.Input, Target(name));

        Math.Abs(terms.Error).Should().BeLessThan(1e-4 * terms.AbsoluteSum);
        var tokens = terms.ToTokens();
        Math.Abs(tokens.CompletenessError!.Value).Should().BeLessThan(1e-4 * terms.AbsoluteSum);
        tokens.Sum.Should().BeApproximately(terms.Sum - terms.Biases, 1e-9);
        terms.Heads.Should().HaveCount(2).And.OnlyContain(layer => layer.Count == 4);

        model.to(ScalarType.Float64);
        var exact = DirectAttribution.Of(model, golden.Input, Target(name));
        Math.Abs(exact.Error).Should().BeLessThan(1e-9);
    }

    [Fact]
    public void Padding_in_the_window_changes_nothing()
    {
        using var golden = GoldenTensors.Require(TinyModel.Cases);
        using var model = TinyModel.Load();
        using var scope = NewDisposeScope();
        var all = golden.Input("b3s20_right");
        var one = new BertInput
        {
            InputIds = all.InputIds![1..2],
            TokenTypeIds = all.TokenTypeIds![1..2],
            AttentionMask = all.AttentionMask![1..2],
        };

        var terms = DirectAttribution.Of(model, one, Target("margin"));

        Math.Abs(terms.Error).Should().BeLessThan(1e-4 * terms.AbsoluteSum);
        var shown = one.AttentionMask.data<long>().ToArray();
        shown.Should().Contain(0);
        terms.PerToken.Where((_, i) => shown[i] == 0).Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public void A_term_is_what_is_lost_without_it_while_all_else_is_kept_as_it_was()
    {
        using var model = TinyModel.Random(layers: 3);
        model.to(ScalarType.Float64);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var input = Inputs.Random(1, 14);
        var target = Target("margin");
        var terms = DirectAttribution.Of(model, input, target);
        using var frozen = new FrozenStream(model, input);

        frozen.Without(target, null).Should().BeApproximately(terms.TargetValue, 1e-10);
        for (var layer = 0; layer < 3; layer++)
        {
            var number = layer;
            var mlp = frozen.Without(target, Point.MlpOutput(layer), written => written.zeros_like());
            (terms.TargetValue - mlp).Should().BeApproximately(terms.Mlps[layer], 1e-10);
            for (var head = 0; head < 3; head++)
            {
                var h = head;
                var without = frozen.Without(target, Point.AttentionOutput(layer), written => written - frozen.Written(number, h));
                (terms.TargetValue - without).Should().BeApproximately(terms.Heads[layer][head], 1e-10);
            }
        }
        var embeddings = frozen.Without(target, Point.Embeddings, written => written.zeros_like());
        (terms.TargetValue - embeddings).Should().BeApproximately(terms.Embeddings, 1e-10);
    }

    [Fact]
    public void A_replaced_part_is_named()
    {
        using var model = TinyModel.Random();
        ((BertAttention)model.Layer(1).Attention).Self = new ModuleTreeTests.PassOn();

        FluentActions
            .Invoking(() => DirectAttribution.Of(model, Inputs.Random(1, 14), LogitTarget.Null))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("bert.encoder.layer.1.attention.self was replaced by PassOn, expected SelfAttention*");
    }
}
