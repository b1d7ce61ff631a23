using System.IO.Compression;
using XDistilTorch.Data;
using ZstdSharp;

namespace XDistilTorch.Formats;

/// <summary>Questions as bytes, and back.</summary>
internal static class Written
{
    public static byte[] As(QuestionFormat format, params IEnumerable<QuestionRow> rows)
    {
        using var output = new MemoryStream();
        QuestionFile.Write(output, format, rows);
        return output.ToArray();
    }

    public static byte[] Zstd(byte[] bytes)
    {
        using var compressor = new Compressor();
        return compressor.Wrap(bytes).ToArray();
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return output.ToArray();
    }

    public static DataReport Inspect(byte[] bytes, DataReaderOptions? options = null) =>
        QuestionFile.Inspect(new MemoryStream(bytes), "bytes", options);

    public static DataReport Inspect(string text, DataReaderOptions? options = null) =>
        Inspect(System.Text.Encoding.UTF8.GetBytes(text), options);

    public static IReadOnlyList<QuestionRow> Rows(byte[] bytes, DataReaderOptions? options = null) =>
        [.. QuestionFile.Read(new MemoryStream(bytes), "bytes", options).Select(item => item.Row).OfType<QuestionRow>()];

    public static IReadOnlyList<QuestionRow> Rows(string text, DataReaderOptions? options = null) =>
        Rows(System.Text.Encoding.UTF8.GetBytes(text), options);

    /// <summary>Two rows are the same but for where they stand.</summary>
    public static void ShouldEqual(this IReadOnlyList<QuestionRow> actual, IReadOnlyList<QuestionRow> expected)
    {
        actual.Should().HaveCount(expected.Count);
        foreach (var (row, original) in actual.Zip(expected))
        {
            (row.Answers is null).Should().Be(original.Answers is null);
            (row.Answers ?? []).Should().Equal(original.Answers ?? []);
            (row with { Answers = null, Place = default }).Should().Be(original with { Answers = null, Place = default });
        }
    }
}
