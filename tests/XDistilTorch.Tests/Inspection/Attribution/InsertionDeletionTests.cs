using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;
using XDistilTorch.Modeling;
using XDistilTorch.Tests.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection.Attribution;

public sealed class InsertionDeletionTests : IDisposable
{
    private const int Mask = 4;

    private static readonly TokenSpan Span = new(20, 22);

    private readonly BertForQuestionAnswering model = TinyModel.Random();
    private readonly BertInput input = Inputs.Random(1, 34);
    private readonly int[] context = [.. Enumerable.Range(12, 21).Where(position => !Span.Contains(position))];

    [Fact]
    public void Deletion_begins_and_insertion_ends_with_the_whole_text()
    {
        var curves = InsertionDeletion.Of(model, input, Span, context, Mask);

        curves.Deletion.Should().HaveCount(11);
        curves.Insertion.Should().HaveCount(11);
        curves.Deletion[0].Should().Be(1);
        curves.Insertion[^1].Should().Be(1);
        curves.Insertion[0].Should().Be(curves.Deletion[^1], "all masked is nothing shown");
    }

    [Fact]
    public void Each_place_is_the_spans_probability_over_that_in_the_whole_text()
    {
        var curves = InsertionDeletion.Of(model, input, Span, context, Mask);

        var whole = Probability([]);
        for (var step = 0; step <= 10; step++)
        {
            var count = (int)Math.Round(context.Length * step / 10.0); // 18 tokens
            curves.Deletion[step].Should().BeApproximately(Probability(context[..count]) / whole, 1e-4);
            curves.Insertion[step].Should().BeApproximately(Probability(context[count..]) / whole, 1e-4);
        }
    }

    [Fact]
    public void An_order_and_its_reverse_mirror_each_other()
    {
        var there = InsertionDeletion.Of(model, input, Span, context, Mask);
        var back = InsertionDeletion.Of(model, input, Span, [.. context.Reverse()], Mask);

        for (var step = 0; step <= 10; step++)
            back.Insertion[step].Should().BeApproximately(there.Deletion[10 - step], 1e-4);
    }

    [Fact]
    public void Areas_are_trapezoids_and_means_go_place_by_place()
    {
        FaithfulnessCurves falling = new([1, 0.5, 0], [0, 0, 1]),
            flat = new([1, 1, 1], [1, 1, 1]);

        falling.DeletionArea.Should().BeApproximately(0.5, 1e-15);
        falling.InsertionArea.Should().BeApproximately(0.25, 1e-15);
        FaithfulnessCurves.Mean([falling, flat]).Deletion.Should().Equal(1, 0.75, 0.5);
    }

    [Fact]
    public void Random_orders_come_again_with_the_seed()
    {
        var one = InsertionDeletion.Random(model, input, Span, context, Mask, seed: 1);
        var same = InsertionDeletion.Random(model, input, Span, context, Mask, seed: 1);
        var other = InsertionDeletion.Random(model, input, Span, context, Mask, seed: 2);

        same.Deletion.Should().Equal(one.Deletion);
        other.Deletion.Should().NotEqual(one.Deletion);
        one.Deletion[0].Should().Be(1);
        one.Insertion[^1].Should().Be(1);
    }

    [Theory]
    [InlineData(new int[0], "the order has 0 tokens*")]
    [InlineData(new[] { 13, 13 }, "the order has 2 tokens, 1 different*")]
    [InlineData(new[] { 34 }, "there is no token 34*")]
    public void Orders_that_are_none_are_refused(int[] order, string message) =>
        FluentActions
            .Invoking(() => InsertionDeletion.Of(model, input, Span, order, Mask))
            .Should()
            .Throw<InspectionException>()
            .WithMessage(message);

    public void Dispose() => model.Dispose();

    private double Probability(int[] masked)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var ids = input.InputIds!.clone();
        foreach (var position in masked)
            ids[0, position] = Mask;
        using var output = model.Forward(input with { InputIds = ids });
        return output.StartLogits.softmax(1)[0, Span.First].item<float>() * (double)output.EndLogits.softmax(1)[0, Span.Last].item<float>();
    }
}
