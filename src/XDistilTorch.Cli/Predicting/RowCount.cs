using XDistilTorch.Data;
using XDistilTorch.Formats;

namespace XDistilTorch.Cli.Predicting;

/// <summary>Counts the rows of a file beside the work, so that the time left can be told.</summary>
internal sealed class RowCount
{
    private long rows = -1;

    /// <summary>How many there are; null until that is known.</summary>
    public long? Rows => Interlocked.Read(ref rows) is >= 0 and var known ? known : null;

    public static RowCount Start(string path, DataReaderOptions reading, QuestionFormat? format, long? limit)
    {
        var count = new RowCount();
        _ = Task.Run(() => count.Read(path, reading with { FindRepeatedIds = false }, format, limit));
        return count;
    }

    private void Read(string path, DataReaderOptions reading, QuestionFormat? format, long? limit)
    {
        try
        {
            var counted = 0L;
            foreach (var item in QuestionFile.Read(path, reading, format))
                if (item.IsRow)
                    counted++;
            Interlocked.Exchange(ref rows, Math.Min(counted, limit ?? long.MaxValue));
        }
        catch (DataException)
        {
            // Who reads the file for its rows tells what is wrong with it.
        }
    }
}
