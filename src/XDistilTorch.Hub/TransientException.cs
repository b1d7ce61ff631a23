namespace XDistilTorch.Hub;

/// <summary>A failure that may be gone in a moment: a busy or broken server, a connection that was cut.</summary>
/// <param name="message">What happened.</param>
/// <param name="retryAfter">How long the server asks to wait, if it does.</param>
/// <param name="inner">What the system said.</param>
internal sealed class TransientException(string message, TimeSpan? retryAfter = null, Exception? inner = null)
    : HubException(message, inner)
{
    public TimeSpan? RetryAfter => retryAfter;
}
