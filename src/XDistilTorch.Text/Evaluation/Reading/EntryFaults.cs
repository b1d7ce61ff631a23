using System.Globalization;

namespace XDistilTorch.Evaluation.Reading;

/// <summary>The faulty entries of a file: all are counted, the first are told.</summary>
internal sealed class EntryFaults(string name)
{
    private const int Told = 10;

    private readonly List<string> faults = [];

    public void Add(string fault) => faults.Add(fault);

    /// <exception cref="DataException">There is one or more.</exception>
    public void ThrowIfAny()
    {
        if (faults.Count == 0)
            return;
        if (faults.Count == 1)
            throw new DataException($"{name}: {faults[0]}");
        var more = faults.Count > Told ? string.Create(CultureInfo.InvariantCulture, $"\n  ... and {faults.Count - Told} more.") : "";
        throw new DataException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {faults.Count} faulty entries:\n  {string.Join("\n  ", faults.Take(Told))}{more}"
            )
        );
    }
}
