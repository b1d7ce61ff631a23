namespace XDistilTorch.Data;

/// <summary>What a data file is read for; training asks more of it.</summary>
public enum DataUse
{
    /// <summary>Predicting and evaluating: answers count by their text only.</summary>
    Evaluate,

    /// <summary>Training: answers count by their place.</summary>
    Train,
}
