namespace XDistilTorch.Data;

/// <summary>How a data file is read.</summary>
public sealed record DataReaderOptions
{
    /// <summary>Whether a row without an id gets its number in the file (counted from 1, faulty rows included) as its id; otherwise that is an error.</summary>
    public bool NumberRows { get; init; }

    /// <summary>Whether answers may come without <c>answer_start</c> (absent or null), for <see cref="AnswerLocator"/> to find; otherwise that is an error.</summary>
    public bool AllowMissingStarts { get; init; }

    /// <summary>
    /// Whether the input is known to be JSON lines. Otherwise the content tells, which for some broken first lines takes looking at the second:
    /// a program that waits for an answer to its first line needs this.
    /// </summary>
    public bool AssumeLines { get; init; }

    /// <summary>Whether repeated ids are found, at a cost of 16 bytes a row and as much free space; on unless switched off.</summary>
    public bool FindRepeatedIds { get; init; } = true;

    /// <summary>Where the names of fields go that are not read, such as <c>plausible_answers</c>; null: nowhere.</summary>
    public ISet<string>? LeftOut { get; init; }
}
