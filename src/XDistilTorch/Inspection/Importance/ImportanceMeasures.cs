namespace XDistilTorch.Inspection.Importance;

/// <summary>How the importance of heads is measured.</summary>
public enum ImportanceMeasures
{
    /// <summary>By the gradient of the loss: one pass and one backward for a window.</summary>
    Gradient,

    /// <summary>By taking each head away: a pass for every head of every layer.</summary>
    Ablation,

    /// <summary>Both, over the same questions.</summary>
    Both,
}
