using TorchSharp;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;
using XDistilTorch.Tests.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection.Attribution;

public class IntegratedGradientsTests
{
    private const int Steps = 50;

    [Theory]
    [InlineData("word_embeddings", "start", ScalarType.Float32)]
    [InlineData("word_embeddings", "start_plus_end", ScalarType.Float32)]
    [InlineData("embeddings", "start", ScalarType.Float32)]
    [InlineData("embeddings", "start_plus_end", ScalarType.Float32)]
    [InlineData("word_embeddings", "start", ScalarType.Float64)]
    [InlineData("embeddings", "start_plus_end", ScalarType.Float64)]
    public void Values_equal_the_reference(string place, string target, ScalarType type)
    {
        using var golden = new AttributionGolden();
        using var model = TinyModel.Load();
        model.to(type);
        TokenAttribution Of(QuadratureRule rule) =>
            IntegratedGradients.Of(model, golden.Input, golden.Target(target), golden.Baseline, AttributionGolden.Place(place), rule);

        var gauss = Of(QuadratureRule.GaussLegendre(Steps));
        golden.ShouldHold(gauss, $"integrated_gradients/{place}/{target}/gausslegendre");
        gauss
            .CompletenessError.Should()
            .BeApproximately(
                golden[$"integrated_gradients/{place}/{target}/gausslegendre/delta"].item<float>(),
                AttributionGolden.Tolerance
            );

        // The reference's trapezoids are 1 / n wide where n - 1 fill the way: its integral falls short by that.
        const double Short = (Steps - 1.0) / Steps;
        var trapezoid = Of(QuadratureRule.Trapezoid(Steps));
        golden.ShouldHold(trapezoid, $"integrated_gradients/{place}/{target}/riemann_trapezoid", Short);
        (trapezoid.Sum * Short - (trapezoid.TargetValue - trapezoid.BaselineValue!.Value))
            .Should()
            .BeApproximately(
                golden[$"integrated_gradients/{place}/{target}/riemann_trapezoid/delta"].item<float>(),
                AttributionGolden.Tolerance
            );
    }

    [Theory, InlineData("words"), InlineData("embeddings"), InlineData("layer 0")]
    public void The_completeness_error_shrinks_with_the_steps(string at)
    {
        AttributionPlace[] places = [AttributionPlace.Words, AttributionPlace.Embeddings, AttributionPlace.Layer(0)];
        var place = places.Single(place => place.ToString() == at);

        double[] errors = [.. new[] { 4, 16, 64 }.Select(steps => RelativeError(place, steps))];

        errors.Should().BeInDescendingOrder();
        errors[^1].Should().BeLessThan(1e-9);
    }

    [Fact]
    public void The_head_is_linear_so_one_step_is_enough_after_the_last_layer() =>
        RelativeError(AttributionPlace.Layer(1), 1).Should().BeLessThan(1e-12);

    [Fact]
    public void Steps_are_added_until_the_error_is_small_or_they_are_enough()
    {
        using var golden = new AttributionGolden();
        using var model = TinyModel.Load();
        model.to(ScalarType.Float64);
        (TokenAttribution Attribution, int Steps) Within(double tolerance, int most) =>
            IntegratedGradients.Within(model, golden.Input, golden.Target("start"), golden.Baseline, tolerance: tolerance, most: most);

        var (precise, steps) = Within(1e-12, 600);
        precise.RelativeCompletenessError.Should().BeLessThan(1e-12);
        steps.Should().BeInRange(36, 600).And.Match(all => all % 6 == 0, "pieces have six");
        Within(0, 50).Steps.Should().Be(48, "never more than asked");
        Within(1e9, 400).Steps.Should().Be(30);
        Within(0, 4).Steps.Should().Be(4);
    }

    [Fact]
    public void In_pieces_it_is_what_many_steps_give()
    {
        using var golden = new AttributionGolden();
        using var model = TinyModel.Load();
        model.to(ScalarType.Float64);
        var target = LogitTarget.Margin(golden.Span);
        var whole = IntegratedGradients.Of(model, golden.Input, target, golden.Baseline, rule: QuadratureRule.GaussLegendre(200));

        var (pieces, _) = IntegratedGradients.Within(model, golden.Input, target, golden.Baseline, tolerance: 1e-9);

        pieces.Values.Zip(whole.Values).Should().OnlyContain(pair => Math.Abs(pair.First - pair.Second) < 1e-8);
        pieces.Should().BeEquivalentTo(whole, options => options.Including(a => a.Method).Including(a => a.Target));
        pieces.TargetValue.Should().BeApproximately(whole.TargetValue, 1e-12);
        pieces.BaselineValue.Should().BeApproximately(whole.BaselineValue!.Value, 1e-12);
    }

    private static double RelativeError(AttributionPlace place, int steps)
    {
        using var golden = new AttributionGolden();
        using var model = TinyModel.Load();
        model.to(ScalarType.Float64);
        var target = LogitTarget.Margin(golden.Span);
        return IntegratedGradients
            .Of(model, golden.Input, target, golden.Baseline, place, QuadratureRule.GaussLegendre(steps))
            .RelativeCompletenessError!.Value;
    }

    [Fact]
    public void What_equals_the_baseline_gets_nothing()
    {
        using var golden = new AttributionGolden();
        using var model = TinyModel.Load();
        var ids = golden.Input.InputIds!.data<long>().ToArray().Select(id => (int)id).ToArray();

        var actual = IntegratedGradients.Of(model, golden.Input, golden.Target("start"), ids, rule: QuadratureRule.GaussLegendre(3));

        actual.Values.Should().OnlyContain(value => value == 0);
        actual.CompletenessError.Should().BeApproximately(0, 1e-6);
    }

    [Fact]
    public void Batches_change_nothing()
    {
        using var model = TinyModel.Random();
        var input = Inputs.Random(1, 40); // 768 tokens a batch: 19 steps at once, then the rest
        var (target, baseline) = (LogitTarget.Span(new TokenSpan(20, 22)), Enumerable.Repeat(1, 40).ToArray());

        var whole = IntegratedGradients.Of(model, input, target, baseline, rule: QuadratureRule.GaussLegendre(41));

        var rule = QuadratureRule.GaussLegendre(41);
        var function = new TargetFunction(model, input, target, AttributionPlace.Words);
        using var scope = NewDisposeScope();
        Tensor from = function.VectorsOf(tensor(baseline.Select(id => (long)id).ToArray(), [1, 40])),
            to = function.VectorsOf(input.InputIds!);
        var sum = zeros_like(to);
        for (var i = 0; i < 41; i++)
            sum += function.Gradient(from + (to - from) * rule.Nodes[i]).Gradient * rule.Weights[i];
        var single = ((to - from) * sum).sum(-1).squeeze(0).data<float>().ToArray();
        for (var token = 0; token < 40; token++)
            whole.Values[token].Should().BeApproximately(single[token], 1e-5);
    }

    [Fact]
    public void A_baseline_that_does_not_fit_is_told()
    {
        using var golden = new AttributionGolden();
        using var model = TinyModel.Load();

        FluentActions
            .Invoking(() => IntegratedGradients.Of(model, golden.Input, LogitTarget.Null, [1, 2]))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("the baseline has 2 tokens, expected 12*");
        FluentActions
            .Invoking(() => IntegratedGradients.Of(model, golden.Input, LogitTarget.Null, [.. Enumerable.Repeat(128, 12)]))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("the baseline holds id 128, expected 0 to 127*");
    }

    [Fact]
    public void It_can_be_cancelled()
    {
        using var golden = new AttributionGolden();
        using var model = TinyModel.Load();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        FluentActions
            .Invoking(() => IntegratedGradients.Of(model, golden.Input, LogitTarget.Null, golden.Baseline, cancellation: cancelled.Token))
            .Should()
            .Throw<OperationCanceledException>();
    }
}
