namespace XDistilTorch.Prediction;

/// <summary>The names of a run's files.</summary>
/// <param name="Output">The output, <c>O</c>.</param>
internal sealed record RunFiles(string Output)
{
    /// <summary>Lines so far.</summary>
    public string Partial => $"{Output}.partial";

    /// <summary>The record while the run is under way.</summary>
    public string PartialRecord => $"{Output}.partial.json";

    /// <summary>The record of the finished run.</summary>
    public string Record => $"{Output}.run.json";

    /// <summary>What is there of a run.</summary>
    public string? FirstExisting => new[] { Output, Partial, PartialRecord }.FirstOrDefault(File.Exists);

    /// <summary>Whether the record that is there tells of a run that is not over.</summary>
    public bool IsUnderWay => File.Exists(PartialRecord);

    /// <summary>Whether a run ended before it had a record: there is nothing to go on with, and nothing to lose.</summary>
    public bool HasJustBegun =>
        !IsUnderWay && !File.Exists(Output) && !File.Exists(Record) && new FileInfo(Partial) is { Exists: true, Length: 0 };
}
