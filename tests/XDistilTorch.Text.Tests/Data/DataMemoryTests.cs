using System.Text;

namespace XDistilTorch.Data;

/// <summary>Runs alone: what other tests hold would count too.</summary>
[CollectionDefinition(nameof(DataMemoryTests), DisableParallelization = true)]
[Collection(nameof(DataMemoryTests))]
public class DataMemoryTests
{
    [Fact]
    public void Memory_does_not_grow_with_the_file()
    {
        const int Rows = 60_000;
        using var rows = new RepeatedRows(
            Rows,
            """{"id":"#","question":"Who?","context":"@"}""".Replace("@", new string('x', 1000)) + "\n"
        );
        var most = 0L;
        var count = 0;

        foreach (var item in DataReader.Read(rows, "rows"))
            if (++count % 5000 == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));

        count.Should().Be(Rows);
        (most - rows.MemoryBefore).Should().BeLessThan(16 << 20, "the input is 62 MB");
    }

    /// <summary>A row again and again, # being its number.</summary>
    private sealed class RepeatedRows(int rows, string row) : MemoryStream
    {
        private int number;
        private ReadOnlyMemory<byte> current;

        public long MemoryBefore { get; } = GC.GetTotalMemory(forceFullCollection: true);

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (current.IsEmpty && number < rows)
                current = Encoding.UTF8.GetBytes(row.Replace("#", $"{++number}"));
            var length = Math.Min(count, current.Length);
            current[..length].CopyTo(buffer.AsMemory(offset));
            current = current[length..];
            return length;
        }
    }
}
