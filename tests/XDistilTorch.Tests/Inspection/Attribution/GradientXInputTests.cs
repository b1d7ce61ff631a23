using TorchSharp;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection.Attribution;

public class GradientXInputTests
{
    [Theory]
    [InlineData("word_embeddings", "start", ScalarType.Float32)]
    [InlineData("word_embeddings", "start_plus_end", ScalarType.Float32)]
    [InlineData("embeddings", "start", ScalarType.Float32)]
    [InlineData("embeddings", "start_plus_end", ScalarType.Float32)]
    [InlineData("word_embeddings", "start_plus_end", ScalarType.Float64)]
    [InlineData("embeddings", "start", ScalarType.Float64)]
    public void Values_equal_the_reference(string place, string target, ScalarType type)
    {
        using var golden = new AttributionGolden();
        using var model = TinyModel.Load();
        model.to(type);

        var actual = GradientXInput.Of(model, golden.Input, golden.Target(target), AttributionGolden.Place(place));

        golden.ShouldHold(actual, $"gradient_x_input/{place}/{target}");
        actual.CompletenessError.Should().BeNull();
    }

    [Theory, InlineData(-2), InlineData(-1), InlineData(0), InlineData(1)]
    public void A_tokens_value_is_the_slope_along_its_own_vector(int layer)
    {
        using var golden = new AttributionGolden();
        using var model = TinyModel.Load();
        model.to(ScalarType.Float64);
        using var scope = NewDisposeScope();
        var place =
            layer == -2 ? AttributionPlace.Words
            : layer == -1 ? AttributionPlace.Embeddings
            : AttributionPlace.Layer(layer);
        var target = LogitTarget.Margin(golden.Span);
        var function = new TargetFunction(model, golden.Input, target, place);
        var vectors = function.VectorsOf(golden.Input.InputIds!);

        var values = GradientXInput.Of(model, golden.Input, target, place);

        for (var token = 0; token < values.Values.Count; token++)
        {
            var step = zeros_like(vectors);
            step[0, token] = vectors[0, token] * 1e-5;
            var both = function.Values(cat([vectors + step, vectors - step], 0));
            values.Values[token].Should().BeApproximately((both[0] - both[1]) / 2e-5, 1e-6, $"token {token} at {place}");
        }
    }

    [Fact]
    public void Parameters_keep_their_gradients_and_their_wishes()
    {
        using var golden = new AttributionGolden();
        using var model = TinyModel.Load();
        model.QaOutputs.parameters().First().requires_grad = false;
        var wishes = model.parameters().Select(parameter => parameter.requires_grad).ToList();
        using (var output = model.Forward(golden.Input))
            output.StartLogits.sum().backward();
        var gradients = model.parameters().Select(parameter => parameter.grad?.clone()).ToList();

        GradientXInput.Of(model, golden.Input, golden.Target("start"));

        model.parameters().Select(parameter => parameter.requires_grad).Should().Equal(wishes);
        foreach (var (parameter, before) in model.parameters().Zip(gradients))
            if (before is null)
                parameter.grad.Should().BeNull();
            else
                parameter.grad!.ShouldEqualBitForBit(before);
    }

    [Fact]
    public void Threads_wait_for_one_another_and_get_the_same()
    {
        using var golden = new AttributionGolden();
        using var model = TinyModel.Load();
        var alone = GradientXInput.Of(model, golden.Input, golden.Target("start"));

        var together = new TokenAttribution[8];
        Parallel.For(0, together.Length, i => together[i] = GradientXInput.Of(model, golden.Input, golden.Target("start")));

        foreach (var each in together)
            each.Values.Should().Equal(alone.Values);
        model.parameters().Should().OnlyContain(parameter => parameter.requires_grad);
        model.parameters().Count(parameter => parameter.grad is not null).Should().Be(0);
    }

    [Fact]
    public void The_callers_no_grad_does_not_matter()
    {
        using var golden = new AttributionGolden();
        using var model = TinyModel.Load();
        using var _ = no_grad();

        GradientXInput.Of(model, golden.Input, golden.Target("start")).Values.Should().Contain(value => Math.Abs(value) > 0.1);
    }

    [Fact]
    public void What_cannot_be_attributed_is_told()
    {
        using var golden = new AttributionGolden();
        using var model = TinyModel.Load();
        void Refused<T>(BertInput input, LogitTarget target, AttributionPlace at, string message)
            where T : Exception =>
            FluentActions.Invoking(() => GradientXInput.Of(model, input, target, at)).Should().Throw<T>().WithMessage(message);

        Refused<InspectionException>(golden.Input, LogitTarget.Null, AttributionPlace.Layer(2), "there is no layer 2; the model has 2*");
        Refused<InspectionException>(golden.Input, LogitTarget.Start(12), default, "start of 12: there is no token 12*");
        Refused<ArgumentException>(Inputs.Random(2, 6), LogitTarget.Null, default, "InputIds is [2, 6], expected one window*");
        model.parameters().Should().OnlyContain(parameter => parameter.requires_grad, "also after a failure");
        model.train();
        Refused<InspectionException>(golden.Input, LogitTarget.Null, default, "*training mode*model.eval()*");
    }
}
