using TorchSharp;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Modeling;

/// <summary>Looking without touching, and touching so that it takes effect.</summary>
public sealed class ForwardContextTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly BertForQuestionAnswering model = TinyModel.Random();
    private readonly BertInput input = Inputs.Random(2, 11);

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Observing_every_point_leaves_the_logits_as_they_are_bit_for_bit()
    {
        var masked = input with { AttentionMask = tensor(new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0 }).expand(2, 11) };
        foreach (var each in new[] { input, masked })
        {
            using var context = new ForwardContext().Record(Point.All(model.Config.NumHiddenLayers));

            var observed = model.Logits(each, context);

            observed.ShouldEqualBitForBit(model.Logits(each));
            Point.All(model.Config.NumHiddenLayers).Should().OnlyContain(p => context.Has(p));
        }
    }

    [Fact]
    public void Recorded_values_have_the_documented_shapes()
    {
        using var context = new ForwardContext().Record(Point.All(model.Config.NumHiddenLayers));
        model.Logits(input, context);

        long[] Shape(Point point) => context[point].shape;
        Shape(Point.Embeddings).Should().Equal(2, 11, 24);
        Shape(Point.Query(0)).Should().Equal(2, 3, 11, 8);
        Shape(Point.AttentionScores(1)).Should().Equal(2, 3, 11, 11);
        Shape(Point.AttentionContext(1)).Should().Equal(2, 3, 11, 8);
        Shape(Point.AttentionOutput(1)).Should().Equal(2, 11, 24);
        Shape(Point.Intermediate(0)).Should().Equal(2, 11, 48);
        Shape(Point.LayerOutput(1)).Should().Equal(2, 11, 24);
        Shape(Point.Logits).Should().Equal(2, 11, 2);
    }

    [Fact]
    public void Recorded_parts_fit_together()
    {
        using var context = new ForwardContext().Record(Point.All(model.Config.NumHiddenLayers));
        model.Logits(input, context);

        var probabilities = context[Point.AttentionProbabilities(1)];
        probabilities.sum(-1).ShouldBeWithin(1e-6, ones(2, 3, 11));
        context[Point.AttentionScores(1)].softmax(-1).ShouldBeWithin(1e-6, probabilities);
        probabilities.matmul(context[Point.Value(1)]).ShouldBeWithin(1e-5, context[Point.AttentionContext(1)]);
        context[Point.OutputLayerNorm(1)].ShouldEqualBitForBit(context[Point.LayerOutput(1)]);
    }

    [Fact]
    public void A_replaced_value_takes_effect_and_is_what_is_recorded()
    {
        foreach (var point in Point.All(model.Config.NumHiddenLayers))
        {
            using var context = new ForwardContext().Replace(point, x => x * 1.5).Record(point);

            var replaced = model.Logits(input, context);

            // LayerNorm and softmax may absorb much, not all.
            replaced.MaxDifference(model.Logits(input)).Should().BeGreaterThan(1e-5, point.ToString());
            using var plain = new ForwardContext().Record(point);
            model.Logits(input, plain);
            context[point].ShouldBeWithin(1e-4, plain[point] * 1.5, point.ToString());
        }
    }

    [Fact]
    public void Replacing_the_probabilities_of_one_layer_leaves_the_others_fused()
    {
        using var context = new ForwardContext().Replace(Point.AttentionProbabilities(1), p => p.clone()).Record(Point.LayerOutput(0));
        using var plain = new ForwardContext().Record(Point.LayerOutput(0));

        model.Logits(input, context).ShouldBeWithin(TinyModel.Tolerance, model.Logits(input, plain));

        context[Point.LayerOutput(0)].ShouldEqualBitForBit(plain[Point.LayerOutput(0)]);
    }

    [Fact]
    public void A_replacement_may_give_the_same_tensor_in_every_pass()
    {
        var fixedValue = randn(2, 11, 24);
        using var context = new ForwardContext().Replace(Point.LayerOutput(0), _ => fixedValue);

        var first = model.Logits(input, context);
        var second = model.Logits(input, context);

        second.ShouldEqualBitForBit(first);
        fixedValue.IsInvalid.Should().BeFalse("the tensor stays the caller's");
    }

    [Fact]
    public void A_replacement_of_another_shape_is_refused_before_native_code_sees_it()
    {
        using var context = new ForwardContext().Replace(Point.AttentionScores(0), x => x.slice(-1, 0, 5, 1));

        var act = () => model.Forward(input, context);

        act.Should().Throw<ArgumentException>().WithMessage("layer.0.AttentionScores*[2, 3, 11, 5], expected Float32 [2, 3, 11, 11]*");
    }

    [Fact]
    public void Asking_for_what_was_not_recorded_says_what_to_do()
    {
        using var context = new ForwardContext().Record(Point.Embeddings);

        FluentActions.Invoking(() => context[Point.Logits]).Should().Throw<KeyNotFoundException>().WithMessage("*Record first*");
        FluentActions.Invoking(() => context[Point.Embeddings]).Should().Throw<KeyNotFoundException>().WithMessage("*no forward pass*");
        FluentActions
            .Invoking(() => context.Gradient(Point.Embeddings))
            .Should()
            .Throw<InvalidOperationException>()
            .WithMessage("*RecordForGradient*");
        FluentActions
            .Invoking(() => context.Replace(Point.Logits, x => x).Replace(Point.Logits, x => x))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("*already replaced*");
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Gradients_by_any_point_equal_central_differences(bool trainable)
    {
        model.to(ScalarType.Float64);
        foreach (var parameter in model.parameters())
            parameter.requires_grad_(trainable);
        var one = Inputs.Random(1, 6);
        foreach (var point in Point.All(model.Config.NumHiddenLayers))
        {
            using var context = new ForwardContext().RecordForGradient(point);
            Target(model.Logits(one, context)).backward();
            var gradient = context.Gradient(point)!;
            gradient.Should().NotBeNull(point.ToString());

            var direction = randn_like(gradient);
            var expected = (Along(point, direction, 1e-5, one) - Along(point, direction, -1e-5, one)) / 2e-5;
            var actual = (gradient * direction).sum().item<double>();
            actual.Should().BeApproximately(expected, 1e-5 * Math.Max(1, gradient.abs().max().item<double>()), point.ToString());
        }
    }

    private double Along(Point point, Tensor direction, double step, BertInput one)
    {
        using var context = new ForwardContext().Replace(point, x => x + direction * step);
        using var _ = no_grad();
        return Target(model.Logits(one, context)).item<double>();
    }

    private static Tensor Target(Tensor logits) => logits[0, 0, 2] + logits[0, 1, 4];

    [Fact]
    public void Requested_states_are_those_behind_the_callers_replacements()
    {
        using var context = new ForwardContext().Replace(Point.LayerOutput(0), x => x.zeros_like());

        using var output = model.Forward(input with { OutputHiddenStates = true, OutputAttentions = true }, context);

        output.HiddenStates![1].abs().max().item<float>().Should().Be(0);
        output.Attentions![1].ShouldBeWithin(1e-6, full_like(output.Attentions[1], 1.0 / 11)); // equal states: equal attention
    }

    [Fact]
    public void A_pass_forgets_what_the_one_before_recorded()
    {
        using var context = new ForwardContext().Record(Point.Query(0), Point.LayerOutput(0));
        model.Logits(input, context);
        model.Encoder().Layer[0] = new ModuleTreeTests.PassOn();

        model.Logits(input, context);

        context.Has(Point.Query(0)).Should().BeFalse();
        context.Has(Point.LayerOutput(0)).Should().BeTrue("the encoder shows it for every module in a layer's place");
        var act = () => model.Forward(input with { OutputAttentions = true });
        act.Should().Throw<InvalidOperationException>().WithMessage("layer.0.AttentionProbabilities*does not show it*");
        using var states = model.Forward(input with { OutputHiddenStates = true });
        states.HiddenStates.Should().HaveCount(3);
    }

    [Fact]
    public void Points_that_the_model_does_not_have_are_refused()
    {
        foreach (var point in new[] { Point.LayerOutput(2), Point.Query(-5), new Point(PointKind.Logits, 0) })
        {
            using var recording = new ForwardContext().Record(point);
            using var replacing = new ForwardContext().Replace(point, x => x * 0);
            foreach (var context in new[] { recording, replacing })
                FluentActions
                    .Invoking(() => model.Forward(input, context))
                    .Should()
                    .Throw<ArgumentOutOfRangeException>()
                    .WithMessage("*no such point in a model of 2 layers*");
        }
    }

    [Fact]
    public void Passes_leave_no_tensor_behind()
    {
        using var context = new ForwardContext().Record(Point.All(model.Config.NumHiddenLayers));
        using var _ = no_grad();
        void Pass() => model.Forward(input with { OutputHiddenStates = true, OutputAttentions = true }, context).Dispose();
        Pass();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount; // of this thread: other tests run beside

        for (var i = 0; i < 20; i++)
            Pass();

        DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount.Should().Be(before);
    }
}
