using TorchSharp;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;
using XDistilTorch.Modeling;
using XDistilTorch.Tests.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection.Attribution;

public class OcclusionTests
{
    private const int Mask = 4;

    private static readonly LogitTarget Target = LogitTarget.Margin(new TokenSpan(20, 22));

    [Fact]
    public void A_units_tokens_sum_to_what_masking_it_takes_away()
    {
        using var model = TinyModel.Random();
        var input = Inputs.Random(1, 30);
        int[][] units =
        [
            [8],
            [12, 13, 14],
            [20, 21, 22],
        ];

        var actual = Occlusion.Of(model, input, Target, units, Mask);

        foreach (var unit in units)
        {
            using var scope = NewDisposeScope();
            var ids = input.InputIds!.clone();
            foreach (var position in unit)
                ids[0, position] = Mask;
            var fall = actual.TargetValue - Value(model, input with { InputIds = ids });
            unit.Sum(position => actual.Values[position]).Should().BeApproximately(fall, 1e-5);
        }
        actual.TargetValue.Should().BeApproximately(Value(model, input), 1e-6);
        actual.Values.Where((_, i) => !units.Any(unit => unit.Contains(i))).Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public void Nothing_masked_takes_nothing_away()
    {
        using var model = TinyModel.Random();
        model.to(ScalarType.Float64);
        var input = Inputs.Random(1, 30);
        var masked = (int)input.InputIds![0, 9].item<long>();

        var actual = Occlusion.Of(
            model,
            input,
            Target,
            [
                [9],
                [],
            ],
            masked
        ); // a token in its own place

        actual.Values.Should().OnlyContain(value => Math.Abs(value) < 1e-12);
    }

    [Fact]
    public void More_units_than_a_batch_holds_are_all_computed()
    {
        using var model = TinyModel.Random();
        var input = Inputs.Random(1, 40); // 76 windows a batch
        int[][] units = [.. Enumerable.Range(0, 40).Select(i => new[] { i })];

        var each = Occlusion.Of(model, input, Target, units, Mask);
        var again = Occlusion.Of(model, input, Target, [.. units, .. units, .. units], Mask);

        for (var i = 0; i < 40; i++)
            again.Values[i].Should().BeApproximately(each.Values[i], 1e-5);
    }

    [Fact]
    public void What_is_not_there_is_told()
    {
        using var model = TinyModel.Random();
        var input = Inputs.Random(1, 30);

        FluentActions
            .Invoking(() =>
                Occlusion.Of(
                    model,
                    input,
                    Target,
                    [
                        [30],
                    ],
                    Mask
                )
            )
            .Should()
            .Throw<InspectionException>()
            .WithMessage("there is no token 30; the window has 30*");
        FluentActions
            .Invoking(() =>
                Occlusion.Of(
                    model,
                    input,
                    Target,
                    [
                        [3],
                    ],
                    50
                )
            )
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("the mask's id is 50, expected 0 to 49*");
    }

    private static double Value(BertForQuestionAnswering model, BertInput input)
    {
        using var _ = no_grad();
        using var output = model.Forward(input);
        return Target.Of(output.StartLogits, output.EndLogits).to(ScalarType.Float64).item<double>();
    }
}
