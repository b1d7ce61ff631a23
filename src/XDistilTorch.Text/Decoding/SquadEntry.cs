namespace XDistilTorch.Decoding;

/// <summary>What an entry of the n-best list stands for.</summary>
public enum SquadEntryKind
{
    /// <summary>A span of the context, perhaps without width.</summary>
    Span,

    /// <summary>No answer: the logits of [CLS] in the window where they are smallest.</summary>
    NoAnswer,

    /// <summary>The word "empty" that the reference makes up when there is no span at all.</summary>
    Empty,
}

/// <summary>One entry of the n-best list of the <c>squad</c> decoder.</summary>
public sealed record SquadEntry
{
    /// <summary>The text the reference gives when it found no span.</summary>
    public const string EmptyText = "empty";

    /// <summary>What the entry stands for.</summary>
    public required SquadEntryKind Kind { get; init; }

    /// <summary>The place in the context, UTF-16; null unless a span.</summary>
    public TextSpan? Span { get; init; }

    /// <summary>The logit of the start token.</summary>
    public float StartLogit { get; init; }

    /// <summary>The logit of the end token.</summary>
    public float EndLogit { get; init; }

    /// <summary>Start plus end logit, added in float32.</summary>
    public float Score { get; init; }

    /// <summary>Softmax of the scores over the whole list.</summary>
    public double Probability { get; init; }

    /// <summary>Which of the example's windows; null for "empty".</summary>
    public int? Window { get; init; }

    /// <summary>The window's token where the span starts; 0 for no answer, null for "empty".</summary>
    public int? StartToken { get; init; }

    /// <summary>The window's last token of the span, included; 0 for no answer, null for "empty".</summary>
    public int? EndToken { get; init; }

    /// <summary>Whether there is text of the context to show: a span that has width.</summary>
    public bool HasText => Span is { Length: > 0 };

    /// <summary>The text as the reference writes it: a slice of <paramref name="context"/>, "" or "empty".</summary>
    public string TextIn(string context) =>
        Kind == SquadEntryKind.Empty ? EmptyText
        : HasText ? Span.GetValueOrDefault().Of(context)
        : "";
}
