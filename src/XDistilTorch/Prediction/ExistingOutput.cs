namespace XDistilTorch.Prediction;

/// <summary>What to do when the output, or a part of it, is there already.</summary>
public enum ExistingOutput
{
    /// <summary>Nothing is touched; it is an error.</summary>
    Refuse,

    /// <summary>Start again; a finished output stays until the new one takes its place.</summary>
    Overwrite,

    /// <summary>Go on where it stopped, if model, data and options are the same; start if nothing is there.</summary>
    Resume,
}
