using XDistilTorch.Data;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;

namespace XDistilTorch.Prediction;

/// <summary>Cuts the rows of a data file into chunks and the rows of our chunks into windows. For one thread.</summary>
internal sealed class ChunkReader(BertTokenizer tokenizer, WindowOptions windowOptions, PredictorOptions options, Action<DataFault> note)
{
    private readonly QuestionWindows cutter = new(tokenizer, windowOptions);
    private long read;
    private List<RowPrediction> rows = [];
    private List<TokenWindow> windows = [];

    /// <summary>The chunks of our shard that are still to be computed, in order.</summary>
    /// <exception cref="DataException">The data cannot be read on, or a row has a fault and faults are to stop the run.</exception>
    public IEnumerable<PreparedChunk> Read(IEnumerable<DataItem> items)
    {
        foreach (var item in items)
        {
            if (read == options.Limit)
                break;
            if (IsOfTheFile(item))
                continue;
            if (IsOurs(read / options.ChunkRows) && options.Rows?.Contains(read + 1) != false)
                Add(item);
            read++;
            if (read % options.ChunkRows == 0 && Take() is { } chunk)
                yield return chunk;
        }
        if (Take() is { } last)
            yield return last;
    }

    /// <summary>How many rows were read so far, of all shards.</summary>
    public long RowsRead => Volatile.Read(ref read);

    // What is said of the file as a whole takes no row's place; what ends the reading is no row's fault.
    private bool IsOfTheFile(DataItem item)
    {
        if (item.EndsReading)
            throw Failure(string.Join(" ", item.Faults.Select(fault => fault.ToString())));
        if (item.IsRow)
            return false;
        foreach (var fault in item.Faults)
        {
            if (fault.Evaluating == DataSeverity.Error)
                throw Failure(fault.ToString());
            note(fault);
        }
        return true;
    }

    private bool IsOurs(long chunk) => chunk % options.Shards == options.Shard && chunk * options.ChunkRows >= options.RowsDone;

    private void Add(DataItem item)
    {
        var row = Prepare(item);
        if (options.StopAtErrors && row.Error is { IsRepetition: false } error)
            throw Failure(error.Message);
        rows.Add(row);
    }

    private RowPrediction Prepare(DataItem item)
    {
        var place = item.Row?.Place ?? item.Faults[0].Place;
        var prediction = new RowPrediction
        {
            Number = read + 1,
            Id = item.Id,
            Line = place.Line,
            Row = item.Row,
        };
        if (item.Row is not { } row)
            return prediction with { Error = RowError.Of(item.Faults) };
        try
        {
            var own = cutter.Of(new QuestionInput(row.Question, row.Context));
            windows.AddRange(own);
            return prediction with { Windows = own.Count };
        }
        catch (Exception e) when (e is BlankTextException or WindowException)
        {
            return prediction with { Error = RowError.At(place, (XDistilException)e) };
        }
    }

    private DataException Failure(string message) => new(options.DataName is { } name ? $"{name}: {message}" : message);

    private PreparedChunk? Take()
    {
        if (rows.Count == 0)
            return null;
        var chunk = new PreparedChunk((read - 1) / options.ChunkRows, rows, windows, read);
        (rows, windows) = ([], []);
        return chunk;
    }
}
