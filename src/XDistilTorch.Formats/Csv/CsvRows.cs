using CsvHelper;
using XDistilTorch.Data;
using XDistilTorch.Data.Reading;

namespace XDistilTorch.Formats.Csv;

/// <summary>Reads rows of CSV; a bad row is told and the next one read.</summary>
internal sealed class CsvRows(ByteBuffer bytes, char delimiter, DataReaderOptions options)
{
    private const int LargestRow = 1 << 28;

    private CsvMalformedReason? malformed;

    public IEnumerable<DataItem> Read()
    {
        bytes.CheckUtf8();
        using var source = new CsvSource(bytes);
        using var csv = CsvReader.Create(source, ReaderOptions(), leaveOpen: true);
        if (!Next(csv, source))
            yield break;
        var faults = new List<DataFault>();
        var columns = CsvColumns.Read(csv, options, faults);
        if (malformed is { } reason)
            faults.Add(NotCsv(csv, reason));
        if (faults.Count > 0)
            yield return new(null, faults);
        if (columns is null)
            yield break;
        var rows = new CsvRow(columns, options);
        while (Next(csv, source))
            yield return malformed is { } wrong ? rows.Unreadable(NotCsv(csv, wrong)) : rows.Read(csv);
    }

    private bool Next(CsvReader csv, CsvSource source)
    {
        malformed = null;
        try
        {
            var isThere = csv.Read();
            // The row in which the bytes broke off is none.
            if (source.Fault is { } fault && (!isThere || csv.ByteOffset + csv.RawRecord.Length >= source.Given))
                throw fault;
            return isThere;
        }
        catch (CsvFormatException e)
        {
            throw new InputFaultException(
                new(
                    DataFaultCode.TooLong,
                    new DataPlace(e.LineNumber > 0 ? e.LineNumber : null, null),
                    $"a row is larger than {LargestRow >> 20} MiB.",
                    "Look for a quote that opens there and is never closed."
                )
            );
        }
    }

    private CsvReaderOptions ReaderOptions() =>
        new()
        {
            Separator = delimiter,
            HasHeader = false, // ours knows the lines, and says all that is wrong with it
            TrackLineNumbers = true,
            MaxRecordSize = LargestRow,
            OnMalformedRecord = record => malformed = record.Reason,
        };

    private static DataFault NotCsv(CsvReader csv, CsvMalformedReason reason) =>
        new(
            DataFaultCode.NotCsv,
            new DataPlace(csv.LineNumber, "$"),
            reason switch
            {
                CsvMalformedReason.UnterminatedQuote => "a quote opens in this row and is never closed.",
                CsvMalformedReason.TextAfterClosingQuote => "a cell goes on after its closing quote.",
                _ => "a quote stands inside a cell that is not quoted.",
            },
            "Put the whole cell in quotes and double each quote inside it."
        );
}
