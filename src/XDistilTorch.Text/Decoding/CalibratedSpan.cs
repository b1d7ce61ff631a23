namespace XDistilTorch.Decoding;

/// <summary>A span of a context, whatever windows it was seen in, as the <c>calibrated</c> decoder ranks it.</summary>
public sealed record CalibratedSpan
{
    /// <summary>Which document, counted from 0; 0 when there is but one.</summary>
    public required int Document { get; init; }

    /// <summary>The place in the document's context, UTF-16.</summary>
    public required TextSpan Span { get; init; }

    /// <summary>Start plus end logit, the highest of all windows that have the span.</summary>
    public required double Score { get; init; }

    /// <summary>p of this span alone, among all legal spans and no answer.</summary>
    public required double Probability { get; init; }

    /// <summary>The window of its document where the score is highest, the first of equals.</summary>
    public required int Window { get; init; }

    /// <summary>That window's token where the span starts.</summary>
    public required int StartToken { get; init; }

    /// <summary>That window's last token of the span, included.</summary>
    public required int EndToken { get; init; }
}
