using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Cli.Inspecting;

/// <summary>What one method says.</summary>
/// <param name="Attribution">Its values.</param>
/// <param name="Setting">How it was asked, in words.</param>
/// <param name="Shows">What it can and cannot show.</param>
internal sealed record MethodResult(TokenAttribution Attribution, string Setting, string Shows)
{
    public DirectTerms? Terms { get; init; }

    public FaithfulnessCurves? Curves { get; init; }
}

/// <summary>What all methods that were asked say of one decision.</summary>
/// <param name="Decision">What is explained.</param>
/// <param name="Units">What is listed as one.</param>
/// <param name="Methods">One method or several.</param>
/// <param name="RandomCurves">The curves of random orders; null where none were asked for.</param>
/// <param name="Agreement">Every pair of methods.</param>
internal sealed record AttributionResult(
    ExplainedDecision Decision,
    IReadOnlyList<TokenUnit> Units,
    IReadOnlyList<MethodResult> Methods,
    FaithfulnessCurves? RandomCurves,
    IReadOnlyList<AttributionAgreement> Agreement
);
