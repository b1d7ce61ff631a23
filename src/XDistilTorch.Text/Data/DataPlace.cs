namespace XDistilTorch.Data;

/// <summary>Where in a data file something is.</summary>
/// <param name="Line">The line, counted from 1: where a row of JSON lines or CSV begins, or of a syntax error; null elsewhere.</param>
/// <param name="Path">
/// The JSON path: from the start of the document, or of the row in JSON lines, CSV and Parquet (<c>$.data[0].paragraphs[2].qas[1].id</c>, <c>$.answers.answer_start[0]</c>);
/// null where there is none.
/// </param>
public readonly record struct DataPlace(long? Line, string? Path)
{
    /// <summary>The row, counted from 1, in files that have no lines (Parquet); null elsewhere.</summary>
    public long? Row { get; init; }

    /// <summary><c>line 3, $.answers.text</c>, whichever of the two there is; empty for the file as a whole.</summary>
    public override string ToString()
    {
        var within =
            Line is { } line ? FormattableString.Invariant($"line {line}")
            : Row is { } row ? FormattableString.Invariant($"row {row}")
            : null;
        return (within, Path) switch
        {
            (null, _) => Path ?? "",
            (_, null or "$") => within,
            _ => $"{within}, {Path}",
        };
    }

    /// <summary>A member of what stands here.</summary>
    internal DataPlace Member(string name) => this with { Path = $"{Path}.{name}" };

    /// <summary>An item of the array that stands here.</summary>
    internal DataPlace Item(int index) => this with { Path = FormattableString.Invariant($"{Path}[{index}]") };
}
