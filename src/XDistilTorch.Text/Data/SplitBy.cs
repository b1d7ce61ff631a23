namespace XDistilTorch.Data;

/// <summary>What a split keeps together.</summary>
public enum SplitBy
{
    /// <summary>All questions of one context.</summary>
    Context,

    /// <summary>All questions of one title.</summary>
    Title,

    /// <summary>Nothing: each question goes its own way.</summary>
    Row,
}
