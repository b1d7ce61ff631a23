namespace XDistilTorch.Modeling;

/// <summary>A <c>config.json</c> that cannot be read, or that describes a model other than an absolute-position BERT encoder.</summary>
public sealed class ConfigException : XDistilException
{
    /// <summary>Creates the exception.</summary>
    public ConfigException(string message, Exception? inner = null)
        : base(message, inner) { }
}
