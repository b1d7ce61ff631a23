using XDistilTorch.Data;
using XDistilTorch.Data.Reading;
using XDistilTorch.Data.Writing;
using XDistilTorch.Formats.Compression;
using XDistilTorch.Formats.Csv;
using XDistilTorch.Formats.Parquet;

namespace XDistilTorch.Formats;

/// <summary>
/// Question files in any format: the JSON of <see cref="DataReader"/>, CSV, TSV and Parquet, also compressed with gzip or zstd. The same rules judge all of them;
/// faults stand at lines in CSV and at row numbers in Parquet.
/// </summary>
/// <remarks>
/// The content tells the format; a name that ends in .csv or .tsv, or a format that is named, makes it CSV where the first line does not tell. CSV has the columns
/// <c>id, title, context, question, is_impossible</c> and its answers as JSON in <c>answers</c> (as the flat rows have them), or one answer in <c>answer</c> (or
/// <c>answer_text</c>) and <c>answer_start</c>; commas, tabs and semicolons may stand between them. What is held: a row, or a row group of Parquet, and 16 bytes for
/// each id. Parquet that is compressed once more, or comes from a stream that cannot seek, is first copied to a temporary file.
/// </remarks>
public static class QuestionFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read; null: as usual.</param>
    /// <param name="format">The format, where it is known; null: the content and the name tell.</param>
    /// <returns>Rows and faults in the order of the file; faults of the file as a whole are among them.</returns>
    /// <exception cref="DataException">The file cannot be opened or read; thrown while enumerating.</exception>
    public static IEnumerable<DataItem> Read(string path, DataReaderOptions? options = null, QuestionFormat? format = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ReadFile(path, options ?? new(), format);
    }

    /// <summary>Reads a stream, which stays open; standard input for example.</summary>
    /// <param name="input">The bytes, compressed or not.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">How to read; null: as usual.</param>
    /// <param name="format">The format, where it is known; null: the content tells.</param>
    /// <exception cref="DataException">The stream cannot be read; thrown while enumerating.</exception>
    public static IEnumerable<DataItem> Read(Stream input, string name, DataReaderOptions? options = null, QuestionFormat? format = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(name);
        return DataReader.Guarded(ReadBytes(input, path: null, options ?? new(), format), name);
    }

    /// <summary>Reads a file through and reports.</summary>
    /// <inheritdoc cref="Read(string, DataReaderOptions?, QuestionFormat?)"/>
    public static DataReport Inspect(string path, DataReaderOptions? options = null, QuestionFormat? format = null) =>
        Inspect(Read(path, options, format), path);

    /// <summary>Reads a stream through and reports.</summary>
    /// <inheritdoc cref="Read(Stream, string, DataReaderOptions?, QuestionFormat?)"/>
    public static DataReport Inspect(Stream input, string name, DataReaderOptions? options = null, QuestionFormat? format = null) =>
        Inspect(Read(input, name, options, format), name);

    /// <summary>All questions of a file that may be used.</summary>
    /// <param name="path">The file.</param>
    /// <param name="use">What for.</param>
    /// <param name="report">What is odd about the file, all warnings.</param>
    /// <param name="options">How to read it; null: as usual.</param>
    /// <param name="format">The format, where it is known; null: the content and the name tell.</param>
    /// <exception cref="DataException">The file cannot be read, or has errors: all are in the message.</exception>
    public static IReadOnlyList<QuestionRow> Load(
        string path,
        DataUse use,
        out DataReport report,
        DataReaderOptions? options = null,
        QuestionFormat? format = null
    )
    {
        var builder = new DataReportBuilder(path);
        var rows = builder.Rows(Read(path, options, format), use).ToList();
        report = builder.Build();
        return rows;
    }

    /// <summary>
    /// Writes a file: under a temporary name in the same folder, flushed to the disk, then renamed, so that the name never belongs to half a file, also when the rows
    /// end in an exception. A name that ends in .gz or .zst makes it compressed.
    /// </summary>
    /// <param name="path">The file; replaced when it is there.</param>
    /// <param name="format">The form.</param>
    /// <param name="rows">The questions; taken one by one.</param>
    /// <exception cref="DataException">
    /// The file cannot be written; a row holds half a surrogate pair, or a start that the format cannot hold; Parquet is to be compressed once more.
    /// </exception>
    public static void Write(string path, QuestionFormat format, IEnumerable<QuestionRow> rows)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(rows);
        if (format == QuestionFormat.Parquet && FileName.WithoutCompression(path) != path)
            throw new DataException($"{path}: Parquet is compressed inside. Leave .gz or .zst out of the name.");
        using var file = new ReplacedFile(path);
        try
        {
            using (var packed = Packed.Around(file.Stream, path))
                Write(packed ?? file.Stream, format, rows);
            file.Commit();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Writes to a stream, which stays open.</summary>
    /// <param name="output">Where to; must be able to seek for Parquet.</param>
    /// <param name="format">The form.</param>
    /// <param name="rows">The questions; taken one by one.</param>
    /// <exception cref="DataException">A row holds half a surrogate pair, or a start that the format cannot hold.</exception>
    public static void Write(Stream output, QuestionFormat format, IEnumerable<QuestionRow> rows)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(rows);
        switch (format)
        {
            case QuestionFormat.Csv:
                new CsvLayout(output, ',').Write(rows);
                break;
            case QuestionFormat.Tsv:
                new CsvLayout(output, '\t').Write(rows);
                break;
            case QuestionFormat.Parquet:
                if (!output.CanSeek)
                    throw new ArgumentException("Parquet needs a stream that can seek.", nameof(output));
                ParquetLayout.Write(output, rows);
                break;
            default:
                DataWriter.Write(output, JsonFormat(format), rows);
                break;
        }
    }

    private static DataFormat JsonFormat(QuestionFormat format) =>
        format switch
        {
            QuestionFormat.Squad => DataFormat.Squad,
            QuestionFormat.JsonLines => DataFormat.JsonLines,
            QuestionFormat.JsonArray => DataFormat.JsonArray,
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "no such format"),
        };

    private static DataReport Inspect(IEnumerable<DataItem> items, string name)
    {
        var report = new DataReportBuilder(name);
        foreach (var item in items)
            report.Add(item);
        return report.Build();
    }

    private static IEnumerable<DataItem> ReadFile(string path, DataReaderOptions options, QuestionFormat? format)
    {
        using var file = DataReader.Open(path);
        foreach (var item in DataReader.Guarded(ReadBytes(file, path, options, format), path))
            yield return item;
    }

    private static IEnumerable<DataItem> ReadBytes(Stream input, string? path, DataReaderOptions options, QuestionFormat? format)
    {
        var start = input.CanSeek ? input.Position : 0;
        var bytes = new ByteBuffer(input);
        foreach (var item in path is null ? [] : Packed.JudgeName(path, bytes))
            yield return item;
        var unpacked = Packed.Unpacked(bytes);
        bytes = unpacked ?? bytes;
        if (ParquetRows.StartsHere(bytes))
        {
            using var spooled = unpacked is null && input.CanSeek && start == 0 ? null : Spool.Of(bytes);
            foreach (var item in new ParquetRows(spooled ?? input, options).Read())
                yield return item;
            yield break;
        }
        foreach (var item in FormatTeller.Tell(bytes, path, options, format))
            yield return item;
    }
}
