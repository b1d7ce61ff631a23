using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Causality;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection.Causality;

public class PatchingTests
{
    private static readonly LogitTarget Target = LogitTarget.Span(new TokenSpan(InspectionGolden.Start, InspectionGolden.End));

    [Fact]
    public void The_grid_equals_the_reference()
    {
        using var golden = InspectionGolden.Require();
        using var model = TinyModel.Load();

        var grid = ActivationPatching.Run(
            model,
            golden.Input("input"),
            InspectionGolden.Corrupted(golden),
            Target,
            TestContext.Current.CancellationToken
        );

        grid.Clean.Should().BeApproximately(golden["patching/clean"].item<float>(), InspectionGolden.Tolerance);
        grid.Corrupted.Should().BeApproximately(golden["patching/corrupted"].item<float>(), InspectionGolden.Tolerance);
        Values(grid.HiddenStates).ShouldBeWithin(InspectionGolden.Tolerance, golden["patching/hidden_state"]);
        Values(grid.Heads).ShouldBeWithin(InspectionGolden.Tolerance, golden["patching/head"]);
        grid.Mlps.Should().HaveCount(2);
    }

    private static Tensor Values(IReadOnlyList<double[]> rows) => stack([.. rows.Select(row => tensor(row))]);

    [Fact]
    public void All_positions_of_one_hidden_state_bring_the_clean_score_back_and_a_clean_run_has_nothing_to_bring()
    {
        using var golden = InspectionGolden.Require();
        using var model = TinyModel.Load();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var clean = new ForwardContext().Record(Point.LayerOutput(0));
        model.Forward(golden.Input("input"), clean);
        using var patched = new ForwardContext().Replace(Point.LayerOutput(0), _ => clean[Point.LayerOutput(0)]);
        var output = model.Forward(InspectionGolden.Corrupted(golden), patched);

        var grid = ActivationPatching.Run(
            model,
            golden.Input("input"),
            golden.Input("input"),
            Target,
            TestContext.Current.CancellationToken
        );

        Target.Of(output.StartLogits, output.EndLogits).item<float>().Should().BeApproximately((float)grid.Clean, 1e-6f);
        grid.HiddenStates.Concat(grid.Heads)
            .SelectMany(row => row)
            .Concat(grid.Mlps)
            .Should()
            .OnlyContain(score => Math.Abs(score - grid.Clean) < 1e-5);
    }

    [Fact]
    public void Attribution_is_the_slope_of_the_grid()
    {
        using var golden = InspectionGolden.Require();
        using var model = BertForQuestionAnswering.FromPretrained(
            GoldenFolder.At("model/tiny"),
            new LoadingOptions { DType = ScalarType.Float64 }
        );
        var (clean, corrupted) = (golden.Input("input"), InspectionGolden.Corrupted(golden));

        var slopes = AttributionPatching.Run(model, clean, corrupted, Target);

        model.parameters().Should().OnlyContain(p => object.ReferenceEquals(p.grad, null)).And.OnlyContain(p => p.requires_grad);
        var largest = slopes.HiddenStates.Concat(slopes.Heads).SelectMany(row => row).Concat(slopes.Mlps).Max(Math.Abs);
        foreach (var point in new[] { Point.Embeddings, Point.LayerOutput(1), Point.AttentionContext(0), Point.MlpOutput(1) })
        {
            var slope = Slope(model, clean, corrupted, point);
            var expected = point.Kind switch
            {
                PointKind.Embeddings => slopes.HiddenStates[0].Sum(),
                PointKind.LayerOutput => slopes.HiddenStates[2].Sum(),
                PointKind.AttentionContext => slopes.Heads[0].Sum(),
                _ => slopes.Mlps[1],
            };
            expected.Should().BeApproximately(slope, 1e-5 * largest, point.ToString());
        }
    }

    // Of all cells of a point together, by central difference: cells of one point do not depend on each other.
    private static double Slope(BertForQuestionAnswering model, BertInput clean, BertInput corrupted, Point point)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var one = new ForwardContext().Record(point);
        using var other = new ForwardContext().Record(point);
        model.Forward(clean, one);
        model.Forward(corrupted, other);
        var difference = one[point].sub(other[point]);
        double At(double t)
        {
            using var context = new ForwardContext().Replace(point, value => value.add(difference.mul(t)));
            var output = model.Forward(corrupted, context);
            return Target.Of(output.StartLogits, output.EndLogits).item<double>();
        }
        const double Step = 1e-4;
        return (At(Step) - At(-Step)) / (2 * Step);
    }

    [Fact]
    public void Grid_and_slopes_are_compared_over_their_cells()
    {
        var grid = new PatchingGrid(
            3,
            1,
            [
                [1, 2],
                [3, 4],
            ],
            [
                [5.0],
            ],
            [6]
        );
        var same = new PatchingGrid(
            3,
            1,
            [
                [0.1, 0.2],
                [0.3, 0.4],
            ],
            [
                [0.5],
            ],
            [0.6]
        );

        grid.Correlation(same).Should().BeApproximately(1, 1e-12);
        grid.Correlation(
                new PatchingGrid(
                    3,
                    1,
                    [
                        [0, 0],
                        [0, 0],
                    ],
                    [
                        [0.0],
                    ],
                    [0]
                )
            )
            .Should()
            .BeNull();
        FluentActions.Invoking(() => grid.Correlation(new PatchingGrid(3, 1, [], [], []))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Windows_that_do_not_go_together_are_refused()
    {
        using var golden = InspectionGolden.Require();
        using var model = TinyModel.Load();
        using var scope = NewDisposeScope();
        var clean = golden.Input("input");
        var shorter = new BertInput { InputIds = clean.InputIds!.narrow(1, 0, 9) };

        FluentActions
            .Invoking(() => ActivationPatching.Run(model, clean, shorter, Target))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("the clean window has 12 tokens, the corrupted one 9;*");
        FluentActions
            .Invoking(() => AttributionPatching.Run(model, clean, clean with { AttentionMask = null }, Target))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("*different attention masks*");
    }
}
