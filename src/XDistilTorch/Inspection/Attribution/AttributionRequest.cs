namespace XDistilTorch.Inspection.Attribution;

/// <summary>The token that says nothing.</summary>
internal enum BaselineToken
{
    Pad,
    Mask,
}

/// <summary>What is to be attributed, and how.</summary>
internal sealed record AttributionRequest
{
    public required IReadOnlyList<string> Methods { get; init; }

    public required string? Target { get; init; }

    public required string? Against { get; init; }

    /// <summary>Null: 50, and more where the completeness error asks for them.</summary>
    public required int? Steps { get; init; }

    public required BaselineToken Baseline { get; init; }

    public required AttributionPlace At { get; init; }

    public required TokenUnitKind Unit { get; init; }

    public required bool Curves { get; init; }
}
