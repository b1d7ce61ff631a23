namespace XDistilTorch.Engines.Packed;

/// <summary>The tree is not one that an engine can take a snapshot of.</summary>
internal sealed class NotPackableException(string message) : Exception(message);
