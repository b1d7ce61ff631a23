namespace XDistilTorch.Checkpoints;

/// <summary>One open file of weights, whatever its format.</summary>
internal interface IWeightFile : IDisposable
{
    /// <summary>Where each tensor lies, by name, in the file's order.</summary>
    IReadOnlyDictionary<string, StoredTensor> Stored { get; }

    /// <summary>The file's own notes.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }
}
