using System.IO.Compression;

namespace XDistilTorch.Reports.Attention;

/// <summary>
/// One head's attention as a page carries it: S * S bytes, query by query, each a level of <see cref="AttentionScale"/> or, for the three highest of a query,
/// the mark <see cref="AttentionScale.Exact"/>; then the values of those marks in their order with <see cref="ThreeDigits"/>, all low bytes before all high ones.
/// Deflated, as <see cref="Base91"/>.
/// </summary>
/// <param name="Text">The page's text.</param>
/// <param name="LargestError">The largest difference between a value and what is shown.</param>
internal sealed record PackedHead(string Text, double LargestError)
{
    /// <summary>How many values of each query are exact.</summary>
    public const int ExactInRow = 3;

    private static readonly double[] Shown =
    [
        .. Enumerable.Range(0, AttentionScale.Steps + 1).Select(level => AttentionScale.Value((byte)level)),
    ];

    /// <summary>Packs a head.</summary>
    /// <param name="matrix">[S queries, S keys], each row a distribution.</param>
    /// <param name="length">S.</param>
    /// <exception cref="ArgumentException">The matrix has another size, or holds something that is no probability.</exception>
    public static PackedHead Of(ReadOnlySpan<float> matrix, int length)
    {
        if (matrix.Length != length * length)
            throw new ArgumentException($"the matrix has {matrix.Length} values, expected {length} x {length}.", nameof(matrix));
        var levels = new byte[matrix.Length];
        List<ushort> exact = new(ExactInRow * length);
        double largest = 0;
        for (var query = 0; query < length; query++)
        {
            var row = matrix.Slice(query * length, length);
            var shown = levels.AsSpan(query * length, length);
            Quantise(row, shown);
            MarkHighest(row, shown, exact);
            largest = Math.Max(largest, LargestErrorOf(row, shown));
        }
        return new PackedHead(Base91.Encode(Deflated(levels, exact)), largest);
    }

    private static void Quantise(ReadOnlySpan<float> row, Span<byte> levels)
    {
        for (var key = 0; key < row.Length; key++)
        {
            if (!(row[key] >= 0 && row[key] <= 1.001f)) // not a number, too
                throw new ArgumentException($"an attention is {row[key]}, expected 0 to 1; are the model's weights whole?", nameof(row));
            levels[key] = AttentionScale.Level(row[key]);
        }
    }

    // Of equal values the earlier key counts as higher.
    private static void MarkHighest(ReadOnlySpan<float> row, Span<byte> levels, List<ushort> exact)
    {
        Span<int> highest = [-1, -1, -1];
        for (var key = 0; key < row.Length; key++)
        {
            var place = ExactInRow;
            while (place > 0 && (highest[place - 1] < 0 || row[key] > row[highest[place - 1]]))
                place--;
            if (place == ExactInRow)
                continue;
            highest[place..^1].CopyTo(highest[(place + 1)..]);
            highest[place] = key;
        }
        highest.Sort();
        foreach (var key in highest)
            if (key >= 0)
            {
                levels[key] = AttentionScale.Exact;
                exact.Add(ThreeDigits.Code(row[key]));
            }
    }

    private static double LargestErrorOf(ReadOnlySpan<float> row, ReadOnlySpan<byte> levels)
    {
        double largest = 0;
        for (var key = 0; key < row.Length; key++)
            if (levels[key] != AttentionScale.Exact)
                largest = Math.Max(largest, Math.Abs(row[key] - Shown[levels[key]]));
        return largest;
    }

    // Where attention looks like noise, looking for repetitions costs more than it brings: both ways are tried.
    private static byte[] Deflated(byte[] levels, List<ushort> exact)
    {
        byte[] aside = [.. exact.Select(code => (byte)code), .. exact.Select(code => (byte)(code >> 8))];
        var withRepetitions = Deflated(levels, aside, ZLibCompressionStrategy.Default);
        var without = Deflated(levels, aside, ZLibCompressionStrategy.HuffmanOnly);
        return without.Length < withRepetitions.Length ? without : withRepetitions;
    }

    private static byte[] Deflated(byte[] levels, byte[] aside, ZLibCompressionStrategy strategy)
    {
        using var packed = new MemoryStream();
        using (
            var deflate = new DeflateStream(
                packed,
                new ZLibCompressionOptions { CompressionLevel = 6, CompressionStrategy = strategy },
                leaveOpen: true
            )
        )
        {
            deflate.Write(levels);
            deflate.Flush(); // other numbers, another code
            deflate.Write(aside);
        }
        return packed.ToArray();
    }
}
