using System.Text;

namespace XDistilTorch.Data;

/// <summary>What a whole data file is judged to be.</summary>
public sealed class DataReport
{
    internal DataReport(
        string name,
        long questions,
        IReadOnlyList<DataFault> faults,
        IReadOnlyDictionary<DataFaultCode, long> counts,
        bool[] isRefused
    )
    {
        (Name, Readable, Faults, Counts) = (name, questions, faults, counts);
        this.isRefused = isRefused;
    }

    private readonly bool[] isRefused;

    /// <summary>The file.</summary>
    public string Name { get; }

    /// <summary>How many questions can be read; no use of the file takes any of them when it is refused.</summary>
    public long Readable { get; }

    /// <summary>Every fault in the order of the file, up to the number the check was told to list.</summary>
    public IReadOnlyList<DataFault> Faults { get; }

    /// <summary>How many faults of each kind there are, those not listed included.</summary>
    public IReadOnlyDictionary<DataFaultCode, long> Counts { get; }

    /// <summary>How many faults there are in all.</summary>
    public long Count => Counts.Values.Sum();

    /// <summary>Whether the file may not be used for this: one error is enough.</summary>
    public bool IsRefusedFor(DataUse use) => isRefused[(int)use];

    /// <summary>Throws when the file may not be used.</summary>
    /// <exception cref="DataException">The file has errors; all that are listed are in the message.</exception>
    public void ThrowIfRefused(DataUse use)
    {
        if (IsRefusedFor(use))
            throw new DataException(Message(use));
    }

    private string Message(DataUse use)
    {
        var errors = Faults.Where(fault => fault.SeverityFor(use) == DataSeverity.Error).ToArray();
        if (errors is [{ Place: { Line: null, Path: null } } only])
            return $"{Name}: {only}";
        var text = new StringBuilder();
        var purpose = use == DataUse.Train ? "training" : "evaluating";
        text.Append(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{Name}: {errors.Length} {(errors.Length == 1 ? "fault forbids" : "faults forbid")} {purpose} with it:"
        );
        foreach (var error in errors)
            text.Append("\n  ").Append(error);
        if (Count > Faults.Count)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n  ... {Count - Faults.Count} more faults are not listed.");
        return text.ToString();
    }
}
