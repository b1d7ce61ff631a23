using XDistilTorch.Data;
using XDistilTorch.Data.Reading;
using XDistilTorch.Formats.Csv;

namespace XDistilTorch.Formats;

/// <summary>Tells CSV from JSON, by the first bytes, and where they do not tell by what is said about the file.</summary>
internal static class FormatTeller
{
    public static IEnumerable<DataItem> Tell(ByteBuffer bytes, string? path, DataReaderOptions options, QuestionFormat? format)
    {
        if (format == QuestionFormat.JsonLines || options.AssumeLines)
            return DataReader.ReadJson(bytes, options with { AssumeLines = true });
        var named = format ?? (path is null ? null : FileName.Format(path));
        var isCsv = named is QuestionFormat.Csv or QuestionFormat.Tsv;
        if (FirstMeaningful(bytes) is null or (byte)'{' or (byte)'[' || HasMarkOfUtf16(bytes))
            return DataReader.ReadJson(bytes, options);
        if (bytes.Bytes.StartsWith("\uFEFF"u8))
            bytes.Consume(3);
        var delimiter = isCsv ? CsvHeader.LikelyDelimiter(bytes, named == QuestionFormat.Tsv ? '\t' : ',') : CsvHeader.Delimiter(bytes);
        return delimiter is { } found ? new CsvRows(bytes, found, options).Read() : ReadJson(bytes, options);
    }

    // What is neither gets a message that knows of all formats.
    private static IEnumerable<DataItem> ReadJson(ByteBuffer bytes, DataReaderOptions options)
    {
        using var items = DataReader.ReadJson(bytes, options).GetEnumerator();
        while (Next(items))
            yield return items.Current;
    }

    private static bool Next(IEnumerator<DataItem> items)
    {
        try
        {
            return items.MoveNext();
        }
        catch (InputFaultException e) when (e.Fault.Code == DataFaultCode.UnknownFormat)
        {
            throw new InputFaultException(
                new(
                    e.Fault.Code,
                    e.Fault.Place,
                    e.Fault.Reason.Replace(
                        "neither JSON nor JSON lines",
                        "none of JSON, JSON lines, CSV and Parquet",
                        StringComparison.Ordinal
                    ),
                    "Expected SQuAD JSON, or rows with id, question and context: as a JSON array, as JSON lines, as Parquet, or as CSV or TSV whose first line names them; compressed with gzip or zstd or not at all."
                )
            );
        }
    }

    private static byte? FirstMeaningful(ByteBuffer bytes)
    {
        if (bytes.FillTo(1) && bytes.Bytes[0] == 0xEF)
            bytes.FillTo(3);
        var start = bytes.Bytes.StartsWith("\uFEFF"u8) ? 3 : 0;
        while (true)
        {
            var found = bytes.Bytes[start..].IndexOfAnyExcept(" \t\r\n"u8);
            if (found >= 0)
                return bytes.Bytes[start + found];
            if (!bytes.Fill())
                return null;
        }
    }

    private static bool HasMarkOfUtf16(ByteBuffer bytes) =>
        bytes.Bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.Bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);
}
