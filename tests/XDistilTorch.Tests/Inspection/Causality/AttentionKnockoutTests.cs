using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Causality;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection.Causality;

public class AttentionKnockoutTests
{
    private static readonly long[] Ids = [2, 5, 6, 3, 9, 10, 11, 3];

    private static bool[] Tokens(params int[] positions) => [.. Enumerable.Range(0, Ids.Length).Select(positions.Contains)];

    [Fact]
    public void In_all_layers_it_is_an_attention_mask_of_the_same_pairs()
    {
        using var model = TinyModel.Random(dropout: 0);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var input = new BertInput { InputIds = tensor(Ids).unsqueeze(0) };
        var mask = ones(1, 8, 8, dtype: ScalarType.Int64);
        mask[0, 1..3, 4..7] = tensor(0L);

        var output = new AttentionKnockout(model, [0, 1]).Run(input, Tokens(1, 2), Tokens(4, 5, 6));

        var masked = model.Forward(input with { AttentionMask = mask });
        output.StartLogits.ShouldBeWithin(1e-5, masked.StartLogits);
        output.EndLogits.ShouldBeWithin(1e-5, masked.EndLogits);
        output.StartLogits.MaxDifference(model.Forward(input).StartLogits).Should().BeGreaterThan(1e-3);
    }

    [Fact]
    public void Heads_and_layers_that_are_not_chosen_go_on_looking()
    {
        using var model = TinyModel.Random(dropout: 0);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var input = new BertInput { InputIds = tensor(Ids).unsqueeze(0) };
        var blocked = tensor(new[] { false, true, false })
            .view(1, 3, 1, 1)
            .logical_and(tensor(Tokens(1)).unsqueeze(1).logical_and(tensor(Tokens(4))));
        using var byHand = new ForwardContext().Replace(Point.AttentionScores(1), scores => scores.masked_fill(blocked, -1e30));

        var output = new AttentionKnockout(model, [1], [1]).Run(input, Tokens(1), Tokens(4));

        output.StartLogits.ShouldBeWithin(1e-6, model.Forward(input, byHand).StartLogits);
    }

    [Fact]
    public void What_is_not_there_is_refused()
    {
        using var model = TinyModel.Random(dropout: 0);
        using var scope = NewDisposeScope();

        FluentActions
            .Invoking(() => new AttentionKnockout(model, [0, 2]))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("there is no layer 2; the model has 2*");
        FluentActions
            .Invoking(() => new AttentionKnockout(model, [0], [3]))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("there is no head 3; the model has 3*");
        FluentActions
            .Invoking(() => new AttentionKnockout(model, [0]).Run(new BertInput { InputIds = tensor(Ids).unsqueeze(0) }, [true], [true]))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("1 queries and 1 keys are given, expected 8 each*");
    }
}
