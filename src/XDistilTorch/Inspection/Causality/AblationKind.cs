namespace XDistilTorch.Inspection.Causality;

/// <summary>What a part of the model is replaced by, to see what it did.</summary>
public enum AblationKind
{
    /// <summary>Nothing: a head's context vectors become 0, a layer gives its input on.</summary>
    Zero,

    /// <summary>What it gives on the average, over positions.</summary>
    Mean,

    /// <summary>What it gave at the same positions of another window.</summary>
    Resample,
}
