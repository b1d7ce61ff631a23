namespace XDistilTorch.Inspection.Attribution;

/// <summary>What all methods that were asked say of one decision.</summary>
/// <param name="Decision">What is explained.</param>
/// <param name="Units">What is listed as one.</param>
/// <param name="Methods">One method or several.</param>
/// <param name="RandomCurves">The curves of random orders; null where none were asked for.</param>
/// <param name="Agreement">Every pair of methods.</param>
public sealed record AttributionResult(
    ExplainedDecision Decision,
    IReadOnlyList<TokenUnit> Units,
    IReadOnlyList<MethodResult> Methods,
    FaithfulnessCurves? RandomCurves,
    IReadOnlyList<AttributionAgreement> Agreement
);
