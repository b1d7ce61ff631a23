using System.Text.Json;

namespace XDistilTorch.Server.Requests;

/// <summary>The door for JSON: one object of little depth, no member twice, no half characters.</summary>
internal static class RequestJson
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>Reads a body.</summary>
    /// <param name="body">UTF-8.</param>
    /// <param name="read">Makes a request of the root; everything it keeps is its own.</param>
    /// <exception cref="ProblemException">It is no such JSON, or not the request that was expected.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> body, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new ProblemException(Problem.BadRequest("not-json", $"the body is no JSON that is read here: {e.Message}"), e);
        }
        catch (InvalidOperationException e) // what JsonElement says of text that is none
        {
            throw new ProblemException(
                Problem.BadRequest(
                    "half-character",
                    "the body holds an escaped surrogate without its other half (such as \\ud83c alone), expected whole characters."
                ),
                e
            );
        }
    }
}
