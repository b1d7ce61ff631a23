using XDistilTorch.Data.Reading;

namespace XDistilTorch.Data;

/// <summary>
/// Reads question files row by row: SQuAD 1.1 and 2.0, rows as Hugging Face publishes them (JSON lines, a JSON array, or an array in <c>data</c>),
/// rows of <c>id, question, context</c>; also compressed with gzip. Formats are told by content. No more than one row or paragraph is held,
/// beside 16 bytes for each id.
/// </summary>
/// <remarks>
/// JSON lines are read on after a bad line; a document ends at its first syntax error. An optional field that is null counts as absent, <c>answers</c>
/// excepted. Unknown fields and <c>plausible_answers</c> are left out.
/// </remarks>
public static class DataReader
{
    /// <summary>Reads a file.</summary>
    /// <returns>Rows and faults in the order of the file; faults of the file as a whole are among them.</returns>
    /// <exception cref="DataException">The file cannot be opened or read; thrown while enumerating.</exception>
    public static IEnumerable<DataItem> Read(string path, DataReaderOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ReadFile(path, options ?? new());
    }

    /// <summary>Reads a stream, which stays open; standard input for example.</summary>
    /// <param name="input">The bytes, compressed or not; once through, without seeking.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">How to read; null: as usual.</param>
    /// <exception cref="DataException">The stream cannot be read; thrown while enumerating.</exception>
    public static IEnumerable<DataItem> Read(Stream input, string name, DataReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(name);
        return Guarded(ReadBytes(input, name: null, options ?? new()), name);
    }

    private static IEnumerable<DataItem> ReadFile(string path, DataReaderOptions options)
    {
        using var file = Open(path);
        foreach (var item in Guarded(ReadBytes(file, path, options), path))
            yield return item;
    }

    internal static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    // What ends the reading becomes the last item; a file without a question says so.
    internal static IEnumerable<DataItem> Guarded(IEnumerable<DataItem> items, string name)
    {
        var (hasRow, hasError) = (false, false);
        using var reading = items.GetEnumerator();
        while (Next(reading, name, out var isLast) is { } item)
        {
            hasRow |= item.Row is not null;
            hasError |= item.Faults.Any(fault => fault.Evaluating == DataSeverity.Error);
            yield return item;
            if (isLast)
                break;
        }
        if (!hasRow && !hasError)
            yield return Whole(DataFaultCode.NoQuestion, "has no question.", "Expected at least one row or paragraph with questions.");
    }

    private static DataItem? Next(IEnumerator<DataItem> reading, string name, out bool isLast)
    {
        isLast = false;
        try
        {
            return reading.MoveNext() ? reading.Current : null;
        }
        catch (InputFaultException e)
        {
            isLast = true;
            return new(null, [e.Fault]) { EndsReading = true };
        }
        catch (IOException e)
        {
            throw Unreadable(name, e);
        }
    }

    private static IEnumerable<DataItem> ReadBytes(Stream input, string? name, DataReaderOptions options)
    {
        var bytes = new ByteBuffer(input);
        bytes.FillTo(2);
        var isGzip = GzipMembers.StartsHere(bytes.Bytes);
        if (name is not null && JudgeGzipName(name, isGzip, bytes.Bytes.IsEmpty) is { } warning)
            yield return warning;
        if (isGzip)
            bytes = new ByteBuffer(new GzipMembers(bytes));
        foreach (var item in ReadJson(bytes, options))
            yield return item;
    }

    /// <summary>Bytes that are not compressed.</summary>
    internal static IEnumerable<DataItem> ReadJson(ByteBuffer bytes, DataReaderOptions options)
    {
        var isLines = new FormatProbe(bytes).IsLines(options.AssumeLines);
        var rows = new RowParser(options);
        if (!isLines)
            bytes.CheckUtf8();
        foreach (var item in isLines ? new LineWalker(bytes, rows).Read() : ReadDocument(bytes, rows))
            yield return item;
    }

    private static IEnumerable<DataItem> ReadDocument(ByteBuffer bytes, RowParser rows) =>
        new DocumentWalker(new JsonCursor(bytes, bytes.LineOf(0), isLine: false), rows, line: null).Read();

    internal static DataItem? JudgeGzipName(string name, bool isGzip, bool isEmpty) =>
        (isGzip, name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)) switch
        {
            (true, false) => Whole(
                DataFaultCode.GzipWithoutGzName,
                "is compressed with gzip; its name does not say so.",
                "Add .gz to the name."
            ),
            (false, true) when !isEmpty => Whole(
                DataFaultCode.GzNameWithoutGzip,
                "is not compressed, though its name ends in .gz.",
                "Remove .gz from the name."
            ),
            _ => null,
        };

    internal static DataItem Whole(DataFaultCode code, string reason, string remedy) =>
        new(null, [new DataFault(code, default, reason, remedy)]);

    private static DataException Unreadable(string path, Exception e) => new($"{path}: cannot be read: {e.Message}", e);
}
