using TorchSharp;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;
using XDistilTorch.Inspection.Causality;
using XDistilTorch.Inspection.Recording;
using XDistilTorch.Modeling;
using XDistilTorch.Pruning;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Pruning;

/// <summary>All that looks inside a model or teaches it does so too where layers have unequal numbers of heads, and one has none.</summary>
public sealed class PrunedModelTests : IDisposable
{
    private static readonly LogitTarget Target = LogitTarget.Span(new TokenSpan(5, 6));

    // Layer 0 keeps heads 1, 2 and 3; layer 1 none; layer 2 all four.
    private readonly AttentionHead[] gone = [new(0, 0), new(1, 0), new(1, 1), new(1, 2), new(1, 3)];
    private readonly BertForQuestionAnswering whole = TinyModel.Random(layers: 3, heads: 4, dropout: 0);
    private readonly BertForQuestionAnswering model;
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly BertInput input;

    public PrunedModelTests()
    {
        model = ModelPruning.Heads(whole, gone);
        input = new BertInput { InputIds = tensor(new long[] { 2, 5, 6, 3, 9, 10, 11, 3 }).unsqueeze(0) };
    }

    public void Dispose()
    {
        scope.Dispose();
        model.Dispose();
        whole.Dispose();
    }

    private double Score(BertForQuestionAnswering of, params AttentionHead[] masked)
    {
        var logits = Masked.Heads(of, input, masked);
        return Target.Of(logits[0], logits[1]).item<float>();
    }

    [Fact]
    public void Every_point_can_be_recorded_and_none_changes_the_logits()
    {
        using var context = new ForwardContext().Record(Point.All(3));

        var logits = Masked.Logits(model, input, context);

        logits.ShouldEqualBitForBit(Masked.Logits(model, input));
        Point.All(3).Should().OnlyContain(point => context.Has(point));
        context[Point.AttentionProbabilities(0)].shape.Should().Equal(1, 3, 8, 8);
        context[Point.AttentionContext(1)].shape.Should().Equal(1, 0, 8, 6);
        var bias = model.get_parameter("bert.encoder.layer.1.attention.output.dense.bias")!;
        context[Point.AttentionOutput(1)].ShouldBeWithin(1e-7, bias.expand(1, 8, 24), "nothing is left but the bias");
    }

    [Fact]
    public void Ablation_numbers_heads_as_the_layer_has_them()
    {
        var scores = new Ablation(model).Heads(input, Target, [0, 1, 2], TestContext.Current.CancellationToken);

        scores.Select(row => row.Length).Should().Equal(3, 0, 4);
        for (var head = 0; head < 3; head++)
            scores[0][head].Should().BeApproximately(Score(whole, [.. gone, new(0, head + 1)]), 1e-5);
        FluentActions
            .Invoking(() => new Ablation(model).WithoutEachHead(input, 1))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("layer 1 has no heads: all of them were pruned.");
    }

    [Fact]
    public void Patching_and_its_estimate_have_a_cell_for_every_head_that_is_there()
    {
        var corrupted = new BertInput { InputIds = tensor(new long[] { 2, 5, 20, 3, 9, 10, 11, 3 }).unsqueeze(0) };

        var grid = ActivationPatching.Run(model, input, corrupted, Target, TestContext.Current.CancellationToken);
        var slopes = AttributionPatching.Run(model, input, corrupted, Target);

        grid.Heads.Select(row => row.Length).Should().Equal(3, 0, 4);
        slopes.Heads.Select(row => row.Length).Should().Equal(3, 0, 4);
        (grid.HiddenStates[3][5] + grid.HiddenStates[3][6] - 2 * grid.Corrupted)
            .Should()
            .BeApproximately(grid.Clean - grid.Corrupted, 1e-4, "the span's start and end are read from those positions alone");
        grid.Correlation(slopes).Should().NotBeNull();
    }

    [Fact]
    public void Knock_out_shuts_the_heads_that_a_layer_has()
    {
        bool[] all = [.. Enumerable.Repeat(true, 8)],
            key = [.. Enumerable.Range(0, 8).Select(i => i == 2)];

        var shut = new AttentionKnockout(model, [0, 1, 2], [3]).Run(input, all, key); // layer 2 alone has a head 3
        var same = new AttentionKnockout(model, [2], [3]).Run(input, all, key);

        shut.StartLogits.ShouldBeWithin(1e-5, same.StartLogits);
        using var plain = model.Forward(input);
        shut.StartLogits.MaxDifference(plain.StartLogits).Should().BeGreaterThan(1e-4);
        FluentActions.Invoking(() => new AttentionKnockout(model, [0], [4])).Should().Throw<InspectionException>();
    }

    [Fact]
    public void Direct_attribution_sums_to_the_score()
    {
        var terms = DirectAttribution.Of(model, input, Target);

        terms.Heads.Select(row => row.Count).Should().Equal(3, 0, 4);
        (terms.Embeddings + terms.Heads.Sum(row => row.Sum()) + terms.Mlps.Sum() + terms.Biases)
            .Should()
            .BeApproximately(terms.TargetValue, 1e-4);
    }

    [Fact]
    public void Attention_without_heads_leaves_every_position_to_itself()
    {
        using var recording = AttentionRecording.Of(model, input, withValues: true);

        var rollouts = AttentionRollout.Of(recording.Layers.Select(recording.Probabilities));

        rollouts[1].ShouldBeWithin(1e-6, rollouts[0]);
        rollouts[2].sum(-1).ShouldBeWithin(1e-5, ones(1, 8));
        AttentionValueNorm.Of(recording, model, 0).shape.Should().Equal(1, 3, 8, 8);
    }

    [Fact]
    public void A_recording_is_as_large_as_was_said_before()
    {
        Point[] points = [.. Point.All(3).Where(point => point.Kind != PointKind.Logits)];
        using var context = new ForwardContext().Record(points);
        model.Forward(input, context);

        RecordingPlan.Bytes(model.Config, points, length: 8, elementSize: 4).Should().Be(4 * points.Sum(point => context[point].numel()));
    }
}
