using XDistilTorch.Inspection;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection;

public class SpanLensTests
{
    [Theory, InlineData("b1s12"), InlineData("b3s20_right")]
    public void Logits_of_every_layer_equal_the_reference(string name)
    {
        using var golden = InspectionGolden.Require();
        using var cases = GoldenTensors.Require(TinyModel.Cases);
        using var model = TinyModel.Load();
        using var scope = NewDisposeScope();

        for (var row = 0; row < cases[$"{name}/input_ids"].shape[0]; row++)
        {
            var layers = SpanLens.Run(model, InspectionGolden.Row(cases.Input(name), row));
            layers.Select(layer => layer.Layer).Should().Equal(0, 1, 2);
            foreach (var layer in layers)
                stack([tensor(layer.Start), tensor(layer.End)], -1)
                    .ShouldBeWithin(InspectionGolden.Tolerance, golden[$"{name}/span_lens.{layer.Layer}"][row]);
        }
    }

    [Fact]
    public void Spans_are_ranked_and_an_answer_is_settled_where_it_stays_the_best()
    {
        var context = new TokenSpan(1, 3);
        LensLayer[] layers =
        [
            new(0, [0, 9, 0, 0], [0, 9, 0, 0]),
            new(1, [0, 1, 5, 0], [0, 0, 1, 6]), // 2..3 is the best
            new(2, [20, 1, 5, 0], [0, 0, 1, 6]), // no answer is
            new(3, [0, 1, 5, 0], [0, 0, 1, 6]),
            new(4, [0, 2, 5, 0], [0, 0, 1, 7]),
        ];
        var answer = new TokenSpan(2, 3);

        layers[1].Best(context, 2).Should().Equal(answer, new TokenSpan(1, 3));
        layers[1].Best(context, 1, longest: 1).Should().Equal(new TokenSpan(2, 2));
        layers[0].Rank(answer, context).Should().Be(3);
        layers[2].Null.Should().Be(20);
        SpanLens.SettledAt(layers, answer, context).Should().Be(3);
        SpanLens.SettledAt(layers[..2], answer, context).Should().Be(1);
        SpanLens.SettledAt(layers[..3], answer, context).Should().BeNull();
    }
}
