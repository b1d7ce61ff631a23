using XDistilTorch.Data;

namespace XDistilTorch.Formats;

/// <summary>Runs alone: what other tests hold would count too.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public class MemoryTests
{
    [Theory]
    [InlineData("rows.csv.zst", QuestionFormat.Csv)]
    [InlineData("rows.parquet", QuestionFormat.Parquet)]
    public void Memory_does_not_grow_with_the_rows(string name, QuestionFormat format)
    {
        using var folder = new TemporaryFolder();
        var (fewer, more) = (Most(20_000), Most(120_000));

        more.Should().BeLessThan(fewer + (16 << 20), "a hundred thousand rows more are 40 MB more; 16 bytes an id are allowed");

        long Most(int rows)
        {
            var most = 0L;
            QuestionFile.Write(folder.At(name), format, Rows(rows));
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var count = 0;
            foreach (var _ in QuestionFile.Read(folder.At(name)))
                if (++count % 20_000 == 0)
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            count.Should().Be(rows);
            return most;
        }
    }

    private static IEnumerable<QuestionRow> Rows(int count) =>
        Enumerable
            .Range(0, count)
            .Select(i => new QuestionRow
            {
                Id = $"{i}",
                Question = "Who drinks tea?",
                Context = $"Ada drinks cup {i} of tea, and says that it is not the last one; Bo has none, {i / 3}." + new string('x', 100),
                Answers = [new("Ada", 0, new(0, 3))],
            });
}
