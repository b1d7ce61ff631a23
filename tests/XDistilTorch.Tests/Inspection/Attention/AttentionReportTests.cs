using XDistilTorch.Inspection;
using XDistilTorch.Testing;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection;

public sealed class AttentionReportTests(ModelFolder folder) : IClassFixture<ModelFolder>
{
    private const string Question = "who repaired the clock?";
    private const string Text = "the clock was repaired by osei. zebra was by the clock.";

    [Fact]
    public void Figures_are_the_measures_of_each_head_and_their_means()
    {
        using var answerer = QuestionAnswerer.FromPretrained(folder.Path);
        var target = InspectedTarget.Of(InspectedQuestion.Of(answerer, Question, Text), "osei");
        using var scope = NewDisposeScope();
        using var recording = AttentionRecording.Of(answerer.Model, target.Window, withValues: true);
        var norms = AttentionValueNorm.Of(recording, answerer.Model, 1);
        var rollout = AttentionRollout.Of(recording.Layers.Select(recording.Probabilities))[1];
        TokenGroup?[] groups = [.. target.Window.Groups(target.Span)];

        var report = AttentionReport.Of(answerer.Model, target, layers: [1], heads: [3, 1]);

        var layer = report.Layers.Should().ContainSingle().Subject;
        layer.Layer.Should().Be(1);
        layer.Heads.Select(head => head.Head).Should().Equal(1, 3);
        foreach (var (head, figures) in layer.Heads)
        {
            var attention = recording.Probabilities(1)[0, head].unsqueeze(0);
            tensor(figures.LooksAt.ToArray()).ShouldBeWithin(1e-6, SpanAttention.From(attention, target.Tokens)[0]);
            tensor(figures.LookedAtBy.ToArray()).ShouldBeWithin(1e-6, SpanAttention.To(attention, target.Tokens)[0]);
            tensor(figures.GroupMass.Values.ToArray()).ShouldBeWithin(1e-6, GroupMass.Of(attention, groups).Row(TokenGroup.Answer)[0]);
            tensor(figures.ValueNorm.ToArray()).ShouldBeWithin(1e-6, SpanAttention.From(norms[0, head], target.Tokens));
            figures.GroupMass.Keys.Should().Equal(Enum.GetValues<TokenGroup>());
            figures.SinkShare.Should().BeApproximately(SinkShare.Of(attention, groups).item<float>(), 1e-6f);
            figures.Entropy.Should().BeApproximately(AttentionEntropy.Of(attention).item<float>(), 1e-6f);
            figures.Distance.Should().BeApproximately(AttentionDistance.Of(attention).item<float>(), 1e-5f);
        }
        tensor(layer.Rollout.ToArray()).ShouldBeWithin(1e-6, SpanAttention.From(rollout[0], target.Tokens));
        layer.Rollout.Sum().Should().BeApproximately(1, 1e-5f, "all heads count and all layers, though few were asked for");
        layer.Mean.Entropy.Should().BeApproximately(layer.Heads.Average(head => head.Figures.Entropy), 1e-6f);
        layer.Mean.LooksAt[2].Should().BeApproximately(layer.Heads.Average(head => head.Figures.LooksAt[2]), 1e-6f);
        layer.Mean.GroupMass.Values.Sum().Should().BeApproximately(1, 1e-5f);
    }

    [Fact]
    public void Without_an_answer_the_first_token_is_looked_at()
    {
        using var answerer = QuestionAnswerer.FromPretrained(folder.Path);
        var question = InspectedQuestion.Of(answerer, Question, Text, new AnswerOptions { NullThreshold = -1000 });

        var report = AttentionReport.Of(answerer.Model, InspectedTarget.Of(question));

        report.Target.Text.Should().BeNull();
        report.Target.Tokens.Should().Be(new TokenSpan(0, 0));
        report.Layers.Should().HaveCount(2);
        report.Layers[0].Mean.GroupMass.Should().NotContainKey(TokenGroup.Answer);
        report.Layers[0].Mean.GroupMass[TokenGroup.Cls].Should().Be(report.Layers[0].Mean.LooksAt[0]);
        report.Layers[0].Heads.Should().HaveCount(4);
    }

    [Fact]
    public void Heads_that_are_not_there_are_told()
    {
        using var answerer = QuestionAnswerer.FromPretrained(folder.Path);
        var target = InspectedTarget.Of(InspectedQuestion.Of(answerer, Question, Text), "null");

        FluentActions
            .Invoking(() => AttentionReport.Of(answerer.Model, target, heads: [4]))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("there is no head 4; the model has 4, numbered from 0.");
    }
}
