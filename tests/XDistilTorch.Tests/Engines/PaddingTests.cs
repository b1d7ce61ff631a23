using XDistilTorch.Engines;

namespace XDistilTorch.Tests.Engines;

/// <summary>How much of what the eager engine computes is padding.</summary>
public class PaddingTests
{
    private const int MaxLength = 384;

    // A page of lengths as reading comprehension has: log-normal around 160 tokens, the longest cut into full windows with a rest.
    private static int[] Chunk(int seed)
    {
        var random = new Random(seed);
        var lengths = new List<int>();
        for (var row = 0; row < 128; row++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var rest = (int)Math.Max(160 * Math.Exp(0.45 * normal), 20);
            for (; rest > MaxLength; rest -= MaxLength - 128 - 20)
                lengths.Add(MaxLength);
            lengths.Add(rest);
        }
        return [.. lengths];
    }

    [Fact]
    public void Of_a_realistic_mix_of_windows_in_chunks_of_128_rows_less_than_five_percent_is_padding()
    {
        var (tokens, computed) = (0L, 0L);
        for (var seed = 0; seed < 50; seed++)
        {
            var lengths = Chunk(seed);
            foreach (var batch in EagerEngine.Batches(lengths))
            {
                tokens += batch.ToArray().Sum(i => lengths[i]);
                computed += (long)batch.Length * lengths[batch.Span[0]];
            }
        }

        (1 - (double)tokens / computed).Should().BeLessThan(0.05);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Every_window_is_in_one_batch_and_the_longest_of_a_batch_is_its_first(int seed)
    {
        var lengths = Chunk(seed);

        var batches = EagerEngine.Batches(lengths).Select(batch => batch.ToArray()).ToList();

        batches.SelectMany(batch => batch).Order().Should().Equal(Enumerable.Range(0, lengths.Length));
        batches.Should().OnlyContain(batch => batch.Max(i => lengths[i]) == lengths[batch[0]]);
    }
}
