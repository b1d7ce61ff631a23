namespace XDistilTorch.Formats;

/// <summary>One number of a long table: a figure of one row of a data file, and of which part of model or text it is.</summary>
/// <param name="Id">The row's id; null where it has none that could be read.</param>
/// <param name="Row">The row's number in the data, from 1.</param>
/// <param name="Measure">The measure, such as <c>attention</c>.</param>
/// <param name="Figure">The figure, such as <c>entropy</c>; <c>error</c> for a row that was not measured.</param>
/// <param name="Value">The number; null for an error.</param>
public sealed record FigureRow(string? Id, long Row, string Measure, string Figure, double? Value)
{
    /// <summary>Which of several methods gave it; null where there is one only.</summary>
    public string? Method { get; init; }

    /// <summary>The layer; null: of the whole model.</summary>
    public int? Layer { get; init; }

    /// <summary>The head; null: of the whole layer.</summary>
    public int? Head { get; init; }

    /// <summary>The group of tokens; null: of all.</summary>
    public string? Group { get; init; }

    /// <summary>The token's position in the window; null: not of a single one.</summary>
    public int? Token { get; init; }

    /// <summary>The token's piece of the vocabulary, or what is wrong with the row.</summary>
    public string? Text { get; init; }
}
