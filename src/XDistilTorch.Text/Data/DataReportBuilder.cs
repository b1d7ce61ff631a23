namespace XDistilTorch.Data;

/// <summary>Judges a data file while somebody else reads it, item by item.</summary>
public sealed class DataReportBuilder
{
    private readonly string name;
    private readonly int mostFaults;
    private readonly List<DataFault> faults = [];
    private readonly SortedDictionary<DataFaultCode, long> counts = [];
    private readonly bool[] isRefused = new bool[2];
    private long questions;

    /// <summary>A report of nothing yet.</summary>
    /// <param name="name">What messages call the file.</param>
    /// <param name="mostFaults">How many faults are listed; all are counted.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below zero.</exception>
    public DataReportBuilder(string name, int mostFaults = 10_000)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfNegative(mostFaults);
        (this.name, this.mostFaults) = (name, mostFaults);
    }

    /// <summary>Takes what a reader met next into account.</summary>
    public void Add(DataItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        foreach (var fault in item.Faults)
        {
            counts[fault.Code] = counts.GetValueOrDefault(fault.Code) + 1;
            isRefused[(int)DataUse.Evaluate] |= fault.Evaluating == DataSeverity.Error;
            isRefused[(int)DataUse.Train] |= fault.Training == DataSeverity.Error;
            if (faults.Count < mostFaults)
                faults.Add(fault);
        }
        if (item.Row is not null)
            questions++;
    }

    /// <summary>
    /// The rows of a file as they are read, for somebody who keeps them only when all went well: at the end it throws if the file may not be used.
    /// </summary>
    /// <exception cref="DataException">The file has errors, all in the message; thrown after its last row.</exception>
    public IEnumerable<QuestionRow> Rows(IEnumerable<DataItem> items, DataUse use)
    {
        ArgumentNullException.ThrowIfNull(items);
        foreach (var item in items)
        {
            Add(item);
            if (item.Row is { } row)
                yield return row;
        }
        Build().ThrowIfRefused(use);
    }

    /// <summary>The judgement of what was added so far.</summary>
    public DataReport Build() =>
        new(name, questions, [.. faults], new SortedDictionary<DataFaultCode, long>(counts), (bool[])isRefused.Clone());
}
