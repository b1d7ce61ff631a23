using CsCheck;
using XDistilTorch.Training;

namespace XDistilTorch.Tests.Training;

public class BatchOrderTests
{
    private static readonly Gen<int[]> Lengths = Gen.Int[5, 384].Array[1, 400];

    [Fact]
    public void Every_window_comes_once_and_only_the_last_batch_is_smaller() =>
        Gen.Select(Lengths, Gen.Int[1, 40], Gen.Long, Gen.Int[0, 5])
            .Sample(
                (lengths, size, seed, epoch) =>
                {
                    var batches = BatchOrder.Epoch(lengths, size, seed, epoch);

                    batches.SelectMany(batch => batch).Order().Should().Equal(Enumerable.Range(0, lengths.Length));
                    batches.SkipLast(1).All(batch => batch.Length == size).Should().BeTrue();
                    batches[^1].Length.Should().BeInRange(1, size);
                },
                iter: 200
            );

    [Fact]
    public void The_order_follows_from_seed_and_epoch()
    {
        int[] lengths = [.. Enumerable.Range(0, 300).Select(i => 5 + (i * 37 % 200))];
        int[] Flat(long seed, long epoch) => [.. BatchOrder.Epoch(lengths, 8, seed, epoch).SelectMany(batch => batch)];

        Flat(1, 0).Should().Equal(Flat(1, 0));
        Flat(1, 0).Should().NotEqual(Flat(2, 0)).And.NotEqual(Flat(1, 1));
    }

    [Fact]
    public void Padding_stays_below_a_tenth_for_lengths_like_those_of_reading_comprehension()
    {
        var random = new Random(5);
        int[] lengths =
        [
            .. Enumerable
                .Range(0, 20_000)
                .Select(_ =>
                    (int)
                        Math.Clamp(
                            150 * Math.Exp(0.5 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(random.NextDouble() * 6.283)),
                            20,
                            384
                        )
                ),
        ];

        new TrainingPlan(new TrainingOptions { PerDeviceTrainBatchSize = 16 }, lengths).PaddingShare.Should().BeLessThan(0.1);
    }
}
