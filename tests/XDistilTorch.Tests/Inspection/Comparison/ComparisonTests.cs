using CsCheck;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Comparison;
using XDistilTorch.Modeling;
using XDistilTorch.Tests.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection.Comparison;

public sealed class ComparisonTests(ModelFolder folder) : IClassFixture<ModelFolder>
{
    private InspectedWindow Window()
    {
        using var answerer = QuestionAnswerer.FromPretrained(folder.Path);
        return InspectedQuestion.Of(answerer, "who?", "the clock was repaired by osei").Windows[0];
    }

    private static Tensor Rows(double[] logits, int heads, int length) =>
        tensor(logits).narrow(0, 0, heads * length * length).view(1, heads, length, length).softmax(-1);

    [Fact]
    public void Divergence_is_symmetric_between_nothing_and_ln_2_and_nothing_only_with_itself() =>
        Gen.Select(Gen.Double[-30, 30].Array[32], Gen.Double[-30, 30].Array[32])
            .Sample(
                t =>
                {
                    using var scope = NewDisposeScope();
                    Tensor one = Rows(t.Item1, 2, 4),
                        other = Rows(t.Item2, 2, 4);

                    var divergence = AttentionDivergence.Of(one, other);

                    divergence.Should().HaveCount(2).And.OnlyContain(value => value >= 0 && value <= Math.Log(2) + 1e-12);
                    AttentionDivergence.Of(other, one).Zip(divergence, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(1e-12);
                    AttentionDivergence.Of(one, one).Should().OnlyContain(value => value < 1e-12);
                },
                iter: 50
            );

    [Fact]
    public void Rows_without_common_keys_are_ln_2_apart()
    {
        using var scope = NewDisposeScope();
        var one = tensor(
                new[,]
                {
                    { 1.0, 0 },
                    { 1, 0 },
                }
            )
            .view(1, 1, 2, 2);
        var other = tensor(
                new[,]
                {
                    { 0.0, 1 },
                    { 0, 1 },
                }
            )
            .view(1, 1, 2, 2);

        AttentionDivergence.Of(one, other)[0].Should().BeApproximately(Math.Log(2), 1e-12);
        FluentActions
            .Invoking(() => AttentionDivergence.Of(one, zeros(1, 2, 2, 2)))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("*does not compare*");
    }

    [Fact]
    public void A_model_is_like_itself_and_less_like_another()
    {
        using var model = BertForQuestionAnswering.FromPretrained(folder.Path);
        using var other = BertForQuestionAnswering.FromPretrained(folder.Path);
        var moved = "bert.encoder.layer.1.attention.self.query.weight";
        using (no_grad())
            other.get_parameter(moved)!.mul_(3);
        var window = Window();

        var same = WindowComparison.Of(model, model, window, CPU);
        var changed = WindowComparison.Of(model, other, window, CPU);

        same.Similarity.Should().HaveCount(3).And.OnlyContain(value => Math.Abs(value - 1) < 1e-6);
        same.Divergence.SelectMany(heads => heads).Should().HaveCount(8).And.OnlyContain(value => value < 1e-9);
        changed.Similarity[1].Should().BeApproximately(1, 1e-6, "the layer before is untouched");
        changed.Similarity[2].Should().BeLessThan(1 - 1e-6);
        changed.Divergence[0].Max().Should().BeLessThan(1e-9);
        changed.Divergence[1].Min().Should().BeGreaterThan(1e-6);
        WindowComparison.Mean([same, changed]).Divergence[1][2].Should().BeApproximately(changed.Divergence[1][2] / 2, 1e-9);
        var movements = ParameterMovement.Of(model, other);
        movements[0].Name.Should().Be(moved);
        movements[0].Relative.Should().BeApproximately(2, 1e-6);
        movements.Skip(1).Should().OnlyContain(movement => movement.Distance == 0 && movement.Relative == 0);
    }

    [Fact]
    public void Models_of_other_shapes_do_not_compare()
    {
        using var model = TinyModel.Random();
        using var deeper = TinyModel.Random(layers: 3);
        using var wider = TinyModel.Random(hidden: 30);

        FluentActions
            .Invoking(() => ParameterMovement.Of(model, wider))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("the models are of other shapes*");
        FluentActions
            .Invoking(() => ParameterMovement.Of(model, deeper))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("the models are of other shapes*");
        FluentActions
            .Invoking(() => WindowComparison.Of(model, deeper, Window(), CPU))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("the models have 2 and 3 layers*");
    }

    [Fact]
    public void The_similarity_is_over_the_tokens_asked_for()
    {
        using var scope = NewDisposeScope();
        var one = tensor(
                new[,]
                {
                    { 1.0, 0 },
                    { 1, 0 },
                    { 0, 2 },
                }
            )
            .unsqueeze(0);
        var other = tensor(
                new[,]
                {
                    { 0.0, 1 },
                    { 3, 0 },
                    { 0, -1 },
                }
            )
            .unsqueeze(0);

        HiddenSimilarity.Of(one, other, new TokenSpan(0, 0)).Should().BeApproximately(0, 1e-9);
        HiddenSimilarity.Of(one, other, new TokenSpan(1, 2)).Should().BeApproximately(0, 1e-9);
        HiddenSimilarity.Of(one, other, new TokenSpan(2, 2)).Should().BeApproximately(-1, 1e-9);
        FluentActions
            .Invoking(() => HiddenSimilarity.Of(one, other, new TokenSpan(1, 3)))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("there are no tokens 1..3*");
    }
}
