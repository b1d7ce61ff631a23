namespace XDistilTorch.Data;

/// <summary>Judges a data file as a whole: nothing is half-read, and every fault is named at once.</summary>
public static class DataCheck
{
    /// <summary>Reads a file through and reports. Memory grows with the ids and with the faults that are listed only.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read it; null: as usual.</param>
    /// <param name="mostFaults">How many faults are listed; all are counted.</param>
    /// <exception cref="DataException">The file cannot be opened or read.</exception>
    public static DataReport Inspect(string path, DataReaderOptions? options = null, int mostFaults = 10_000) =>
        Judge(DataReader.Read(path, options), path, mostFaults, null);

    /// <summary>Reads a stream through and reports.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">How to read it; null: as usual.</param>
    /// <param name="mostFaults">How many faults are listed; all are counted.</param>
    /// <exception cref="DataException">The stream cannot be read.</exception>
    public static DataReport Inspect(Stream input, string name, DataReaderOptions? options = null, int mostFaults = 10_000) =>
        Judge(DataReader.Read(input, name, options), name, mostFaults, null);

    /// <summary>All questions of a file that may be used.</summary>
    /// <param name="path">The file.</param>
    /// <param name="use">What for.</param>
    /// <param name="report">What is odd about the file, all warnings.</param>
    /// <param name="options">How to read it; null: as usual.</param>
    /// <exception cref="DataException">The file cannot be read, or has errors: all are in the message.</exception>
    public static IReadOnlyList<QuestionRow> Load(string path, DataUse use, out DataReport report, DataReaderOptions? options = null)
    {
        var rows = new List<QuestionRow>();
        report = Judge(DataReader.Read(path, options), path, 10_000, rows);
        report.ThrowIfRefused(use);
        return rows;
    }

    private static DataReport Judge(IEnumerable<DataItem> items, string name, int mostFaults, List<QuestionRow>? rows)
    {
        var report = new DataReportBuilder(name, mostFaults);
        foreach (var item in items)
        {
            report.Add(item);
            if (item.Row is { } row)
                rows?.Add(row);
        }
        return report.Build();
    }
}
