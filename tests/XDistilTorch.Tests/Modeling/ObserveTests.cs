using TorchSharp;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Modeling;

/// <summary>A pass for what it shows, which ends where everything has been seen.</summary>
public sealed class ObserveTests : IDisposable
{
    private const int Layers = 3;

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly BertForQuestionAnswering model = TinyModel.Random(Layers);
    private readonly BertInput input = Inputs.Random(2, 11);

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Shows_every_point_bit_for_bit_as_a_whole_pass_does()
    {
        using var whole = new ForwardContext().Record(Point.All(Layers));
        model.Logits(input, whole);
        foreach (var point in Point.All(Layers))
        {
            using var context = new ForwardContext().Record(point);

            model.Observe(input, context);

            context[point].ShouldEqualBitForBit(whole[point], point.ToString());
        }
    }

    [Fact]
    public void Ends_after_the_last_layer_that_is_recorded_or_replaced()
    {
        var reached = new List<int>();
        for (var i = 0; i < Layers; i++)
        {
            var number = i;
            model.Encoder().Layer[i].register_forward_hook((_, _, _, _, output) => Note(reached, number, output));
        }
        int[] Reached(ForwardContext context)
        {
            reached.Clear();
            model.Observe(input, context);
            return [.. reached];
        }

        Reached(new ForwardContext()).Should().BeEmpty();
        Reached(new ForwardContext().Record(Point.Embeddings)).Should().BeEmpty();
        Reached(new ForwardContext().Record(Point.AttentionProbabilities(1), Point.Query(0))).Should().Equal(0, 1);
        Reached(new ForwardContext().Record(Point.Query(0)).Replace(Point.LayerOutput(1), x => x)).Should().Equal(0, 1);
        Reached(new ForwardContext().Record(Point.Logits, Point.Query(0))).Should().Equal(0, 1, 2);
    }

    private static Tensor Note(List<int> reached, int number, Tensor output)
    {
        reached.Add(number);
        return output;
    }

    [Fact]
    public void A_context_that_observed_leaves_the_logits_of_a_whole_pass_as_they_are_bit_for_bit()
    {
        var plain = model.Logits(input);
        using var context = new ForwardContext().Record(Point.AttentionProbabilities(0));
        model.Observe(input, context);

        model.Logits(input, context).ShouldEqualBitForBit(plain);
    }

    [Fact]
    public void Gradients_go_back_from_what_was_observed()
    {
        using var context = new ForwardContext().RecordForGradient(Point.Embeddings, Point.LayerOutput(1));
        model.Observe(input, context);

        context[Point.LayerOutput(1)].sum().backward();

        context.Gradient(Point.Embeddings)!.abs().max().item<float>().Should().BeGreaterThan(0);
    }

    [Fact]
    public void Leaves_no_tensor_behind_but_what_it_recorded()
    {
        using var _ = no_grad();
        using var context = new ForwardContext().Record(Point.AttentionProbabilities(1));
        model.Observe(input, context);
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        for (var i = 0; i < 20; i++)
            model.Observe(input, context);

        DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount.Should().Be(before);
    }

    [Fact]
    public void Outputs_that_it_does_not_give_are_refused() =>
        FluentActions
            .Invoking(() => model.Observe(input with { OutputAttentions = true }, new ForwardContext()))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("the input asks for hidden states or attentions*record their points*");
}
