namespace XDistilTorch.Hub;

/// <summary>What the hub's statuses mean for somebody who wants a model.</summary>
internal static class HubRefusal
{
    private const int TooManyRequests = 429;

    /// <summary>Throws unless the answer is one.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="model">What was asked for.</param>
    /// <param name="options">Who asked where.</param>
    /// <param name="file">The file that was asked for; null: the list of files.</param>
    /// <exception cref="HubException">The status says no.</exception>
    public static void ThrowIfAny(HttpResponseMessage response, HubModel model, HubOptions options, string? file = null)
    {
        if (response.IsSuccessStatusCode)
            return;
        var hub = options.Endpoint.Authority;
        var what = file is null ? $"{model} on {hub}" : $"{file} of {model} on {hub}";
        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        throw (int)response.StatusCode switch
        {
            401 => new HubException($"{what}: there is no such model, or it is not public ({status}). {Remedy(options)}"),
            403 => new HubException(
                $"{what}: access is refused ({status}). Where the model's page asks to accept conditions, do so with the token's account. {Remedy(options)}"
            ),
            404 => new HubException($"{Missing(response, model, hub, file)} ({status})."),
            TooManyRequests or 408 or >= 500 => new TransientException($"{what}: the server answers {status}.", RetryAfter(response)),
            _ => new HubException($"{what}: the server answers {status}, which was not expected."),
        };
    }

    private static string Remedy(HubOptions options) =>
        options.Token is null
            ? "Check the name; for a model that is not public set HF_TOKEN, or write the token into HF_HOME/token."
            : "Check the name, and whether the token (HF_TOKEN, or the file HF_HOME/token) may read it.";

    private static string Missing(HttpResponseMessage response, HubModel model, string hub, string? file) =>
        (response.Headers.TryGetValues("X-Error-Code", out var codes) ? codes.First() : null) switch
        {
            "RevisionNotFound" => $"{model.Name} on {hub}: has no revision {model.Revision}",
            "EntryNotFound" when file is not null => $"{model} on {hub}: has no file {file}",
            _ when file is not null => $"{model} on {hub}: the file {file} is not found",
            _ => $"{model.Name} on {hub}: there is no such model",
        };

    private static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - DateTimeOffset.UtcNow is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
            _ => null,
        };
}
