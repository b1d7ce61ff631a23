namespace XDistilTorch.Server;

/// <summary>Marks an endpoint that answers only to a key, where the server has keys: <c>endpoint.WithMetadata(new NeedsKey())</c>.</summary>
public sealed class NeedsKey;
