using TorchSharp;
using XDistilTorch.Inspection;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection;

public sealed class AttentionValueNormTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly BertForQuestionAnswering model = TinyModel.Random();
    private readonly BertInput input = Inputs.Random(2, 11);

    public AttentionValueNormTests() => model.to(ScalarType.Float64);

    public void Dispose()
    {
        model.Dispose();
        scope.Dispose();
    }

    private static TorchSharp.Modules.Linear Dense(BertForQuestionAnswering model, int layer) =>
        (TorchSharp.Modules.Linear)((ResidualOutput)((BertAttention)model.Layer(layer).Attention).Output).Dense;

    [Fact]
    public void The_vectors_summed_over_heads_and_keys_plus_the_bias_are_the_projections_output()
    {
        using var _ = no_grad();
        using var recording = AttentionRecording.Of(model, input, withValues: true);
        using var context = new ForwardContext().Record(Point.AttentionOutput(0), Point.AttentionOutput(1));
        model.Observe(input, context);
        foreach (var layer in recording.Layers)
        {
            var vectors = AttentionValueNorm.Projected(recording.Values(layer), Dense(model, layer).weight);

            var weighted = recording.Probabilities(layer).unsqueeze(-1) * vectors.unsqueeze(2); // [B, heads, S, S, 1] * [B, heads, 1, S, H]

            (weighted.sum([1, 3]) + Dense(model, layer).bias!).ShouldBeWithin(1e-12, context[Point.AttentionOutput(layer)]);
            AttentionValueNorm.Of(recording, model, layer).ShouldBeWithin(1e-12, weighted.pow(2).sum(-1).sqrt());
        }
    }

    [Fact]
    public void What_was_not_recorded_or_was_replaced_is_told()
    {
        using var values = AttentionRecording.Of(model, input, [1], withValues: true);
        using var none = AttentionRecording.Of(model, input, [1]);
        void Told(Func<Tensor> act, string message) => act.Invoking(x => x()).Should().Throw<InspectionException>().WithMessage(message);

        Told(() => AttentionValueNorm.Of(values, model, 0), "layer 0 is not in the recording, which has 1.");
        Told(() => AttentionValueNorm.Of(none, model, 1), "the recording is without values*withValues*");
        ((ResidualOutput)((BertAttention)model.Layer(1).Attention).Output).Dense = nn.Sequential(Dense(model, 1));
        Told(() => AttentionValueNorm.Of(values, model, 1), "layer 1: attention.output.dense or a part around it was replaced*");
    }

    [Fact]
    public void Shapes_that_do_not_go_together_are_refused_before_native_code_sees_them()
    {
        void Refused(Func<Tensor> act, string message) => act.Invoking(x => x()).Should().Throw<ArgumentException>().WithMessage(message);

        Refused(() => AttentionValueNorm.Of(ones(2, 3, 3), ones(2, 4, 5), ones(10, 10)), "values are [2, 4, 5], expected*");
        Refused(
            () => AttentionValueNorm.Projected(ones(2, 4, 5), ones(10, 9)),
            "values [2, 4, 5] and projection [10, 9] do not go together*"
        );
    }
}
