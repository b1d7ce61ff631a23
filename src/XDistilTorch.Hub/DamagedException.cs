namespace XDistilTorch.Hub;

/// <summary>What came is not what the hub said it has; nothing of it may stay.</summary>
internal sealed class DamagedException(string message) : HubException(message);
