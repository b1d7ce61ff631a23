namespace XDistilTorch.Data;

/// <summary>One thing that is wrong with a data file: what, where, how bad, and what was probably meant.</summary>
public sealed record DataFault
{
    internal DataFault(DataFaultCode code, DataPlace place, string reason, string remedy)
    {
        Code = code;
        Place = place;
        Reason = reason;
        Remedy = remedy;
        Evaluating = code.WhenEvaluating();
        Training = code.WhenTraining();
    }

    /// <summary>What is wrong.</summary>
    public DataFaultCode Code { get; }

    /// <summary>Where.</summary>
    public DataPlace Place { get; }

    /// <summary>What was found and what was expected, in words.</summary>
    public string Reason { get; }

    /// <summary>What to do about it.</summary>
    public string Remedy { get; }

    /// <summary>How bad it is when predicting or evaluating.</summary>
    public DataSeverity Evaluating { get; internal init; }

    /// <summary>How bad it is when training.</summary>
    public DataSeverity Training { get; internal init; }

    /// <summary>The id of the row, where it is known.</summary>
    public string? Id { get; internal init; }

    /// <summary>The position of a byte that is not UTF-8, counted from 0 in the (decompressed) file; null for other faults.</summary>
    public long? Byte { get; internal init; }

    /// <summary>The name that an object has twice; null for other faults.</summary>
    public string? Key { get; internal init; }

    /// <summary>The kind of value that was expected (object, array, string, integer, boolean); null where that is not the fault.</summary>
    public string? Expected { get; internal init; }

    /// <summary>The kind of value that was found (object, array, string, integer, number, boolean, null); null where that is not the fault.</summary>
    public string? Found { get; internal init; }

    /// <summary>Where the answer's text stands in the context, in code points, the first five places; null where that is not the fault.</summary>
    public IReadOnlyList<int>? TextFoundAt { get; internal init; }

    /// <summary>Where a repeated id stands first; null for other faults, and where it could not be kept.</summary>
    public DataPlace? FirstPlace { get; internal init; }

    /// <summary>How bad it is for a use.</summary>
    public DataSeverity SeverityFor(DataUse use) => use == DataUse.Train ? Training : Evaluating;

    /// <summary>Place, reason and remedy on one line.</summary>
    public override string ToString() => Place.ToString() is { Length: > 0 } place ? $"{place}: {Reason} {Remedy}" : $"{Reason} {Remedy}";
}
