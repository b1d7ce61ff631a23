using CsCheck;
using XDistilTorch.Inspection;
using XDistilTorch.Testing;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection;

public class SpanAttentionTests
{
    private static readonly float[] Numbers = [0.5f, 0.25f, 0.25f, 0.1f, 0.2f, 0.7f, 0.3f, 0.6f, 0.1f];

    [Fact]
    public void The_row_is_the_mean_of_the_spans_queries_and_the_column_the_mass_on_its_keys()
    {
        using var scope = NewDisposeScope();
        var attention = tensor(Numbers, [1, 3, 3]);
        var span = new TokenSpan(1, 2);

        SpanAttention.From(attention, span).ShouldBeWithin(1e-6, tensor(new[] { 0.2f, 0.4f, 0.4f }, [1, 3]));
        SpanAttention.To(attention, span).ShouldBeWithin(1e-6, tensor(new[] { 0.5f, 0.9f, 0.7f }, [1, 3]));
    }

    [Fact]
    public void Rows_sum_to_1_and_row_and_column_agree_about_the_span_itself() =>
        Gen.Select(RandomAttention.Any, Gen.Int[0, 13], Gen.Int[0, 13])
            .Sample(
                (random, one, other) =>
                {
                    using var scope = NewDisposeScope();
                    var attention = random.Probabilities();
                    var (a, b) = (one % random.Length, other % random.Length);
                    var span = new TokenSpan(Math.Min(a, b), Math.Max(a, b));

                    var row = SpanAttention.From(attention, span);
                    var column = SpanAttention.To(attention, span);

                    row.sum(-1).ShouldBeWithin(1e-12, ones([random.Heads], ScalarType.Float64));
                    row.narrow(-1, span.First, span.Length)
                        .sum(-1)
                        .ShouldBeWithin(1e-12, column.narrow(-1, span.First, span.Length).mean([-1]));
                },
                iter: 100,
                threads: 1
            );

    [Theory, InlineData(2, 3), InlineData(-1, 0), InlineData(2, 1)]
    public void Tokens_that_are_not_there_are_told(int first, int last)
    {
        using var scope = NewDisposeScope();
        var attention = tensor(Numbers, [1, 3, 3]);
        foreach (var measure in new[] { SpanAttention.From, SpanAttention.To })
            FluentActions
                .Invoking(() => measure(attention, new TokenSpan(first, last)))
                .Should()
                .Throw<InspectionException>()
                .WithMessage("there are no tokens *; the window has 3, numbered from 0.");
    }
}
