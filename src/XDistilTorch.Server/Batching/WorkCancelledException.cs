namespace XDistilTorch.Server.Batching;

/// <summary>A request's windows were given up.</summary>
/// <param name="begun">Whether the engine had them already.</param>
/// <param name="cause">What cancelled them.</param>
internal sealed class WorkCancelledException(bool begun, OperationCanceledException cause)
    : OperationCanceledException(cause.Message, cause, cause.CancellationToken)
{
    /// <summary>Whether the engine had them already.</summary>
    public bool Begun { get; } = begun;
}
