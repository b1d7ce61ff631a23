namespace XDistilTorch.Decoding;

/// <summary>One entry of the list of the <c>pipeline</c> decoder.</summary>
public sealed record PipelineEntry
{
    /// <summary>
    /// The place where the text was seen first, UTF-16; null for no answer. Its end may lie before its start where the question spells
    /// [CLS] out: then there is no text.
    /// </summary>
    public required TextSpan? Span { get; init; }

    /// <summary>The slice of the context; "" for no answer and for a span without width.</summary>
    public required string Text { get; init; }

    /// <summary>
    /// Start x end probability, added up over every span with this text, lower case or not, in all windows; may exceed 1.
    /// </summary>
    public required double Score { get; init; }

    /// <summary>The window where the text was seen first; null for no answer.</summary>
    public required int? Window { get; init; }
}
