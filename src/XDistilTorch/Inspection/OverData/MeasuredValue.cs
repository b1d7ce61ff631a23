namespace XDistilTorch.Inspection.OverData;

/// <summary>One number that a measure gives of one question: what figure it is, and of which part of model or text.</summary>
/// <param name="Figure">The figure's name, such as <c>entropy</c>.</param>
/// <param name="Value">Its value.</param>
public sealed record MeasuredValue(string Figure, double Value)
{
    /// <summary>Which of several methods gave it; null where there is one only.</summary>
    public string? Method { get; init; }

    /// <summary>The layer, as the measure counts them; null: of the whole model.</summary>
    public int? Layer { get; init; }

    /// <summary>The head, from 0; null: of the whole layer.</summary>
    public int? Head { get; init; }

    /// <summary>The group of tokens that it is of; null: of all.</summary>
    public string? Group { get; init; }

    /// <summary>The token that it is of; null: not of a single one.</summary>
    public int? Token { get; init; }

    /// <summary>That token's piece of the vocabulary.</summary>
    public string? Text { get; init; }
}
