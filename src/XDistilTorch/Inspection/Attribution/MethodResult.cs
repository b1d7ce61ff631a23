namespace XDistilTorch.Inspection.Attribution;

/// <summary>What one method says of a decision.</summary>
/// <param name="Attribution">Its values.</param>
/// <param name="Setting">How it was asked, in words.</param>
/// <param name="Shows">What it can and cannot show.</param>
public sealed record MethodResult(TokenAttribution Attribution, string Setting, string Shows)
{
    /// <summary>The terms of direct attribution; null for the other methods.</summary>
    public DirectTerms? Terms { get; init; }

    /// <summary>Its insertion and deletion curves; null where none were asked for.</summary>
    public FaithfulnessCurves? Curves { get; init; }
}
