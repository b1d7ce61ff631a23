using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace XDistilTorch.Server;

/// <summary>Why a request got no answer, as <c>application/problem+json</c> (RFC 9457).</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">What programs tell cases apart by.</param>
/// <param name="Title">The kind, always the same for a code.</param>
/// <param name="Detail">This case: place, finding, expectation.</param>
/// <param name="RetryAfter">When it may be tried again, in seconds; null: trying again as it is will not help.</param>
internal sealed record Problem(int Status, string Code, string Title, string Detail, int? RetryAfter = null)
{
    public static Problem BadRequest(string code, string detail) =>
        new(StatusCodes.Status400BadRequest, code, "The request cannot be read", detail);

    public static Problem Unusable(string detail) =>
        new(StatusCodes.Status422UnprocessableEntity, "unusable", "The request cannot be answered", detail);

    public static Problem TooLarge(string detail) =>
        new(StatusCodes.Status413PayloadTooLarge, "too-large", "The request is too large", detail);

    public static Problem WrongKind(string detail) =>
        new(StatusCodes.Status415UnsupportedMediaType, "wrong-kind", "The body is of another kind", detail);

    public static Problem NoKey(string finding) =>
        new(
            StatusCodes.Status401Unauthorized,
            "no-key",
            "A key is needed",
            $"{finding}, expected one of the server's keys as \"Authorization: Bearer KEY\" or \"X-Api-Key: KEY\"."
        );

    public static Problem Busy(string detail) =>
        new(StatusCodes.Status429TooManyRequests, "busy", "Too much is waiting already", detail, RetryAfter: 1);

    public static Problem Unready(string detail) =>
        new(StatusCodes.Status503ServiceUnavailable, "not-ready", "The server does not answer questions now", detail, RetryAfter: 1);

    public static Problem NotComputedInTime(string detail) =>
        new(StatusCodes.Status504GatewayTimeout, "timeout", "The answer took too long", detail);

    public static Problem NotBegunInTime(string detail) =>
        new(StatusCodes.Status503ServiceUnavailable, "busy", "Too much is waiting already", detail, RetryAfter: 1);

    /// <summary>Writes it as the response.</summary>
    public async Task WriteAsync(HttpContext http)
    {
        var response = http.Response;
        var methods = response.Headers.Allow;
        response.Clear();
        response.Headers.Allow = methods;
        RequestId.Echo(http);
        response.StatusCode = Status;
        response.ContentType = "application/problem+json";
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        var body = ToJson(RequestId.Of(http));
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await response.Body.WriteAsync(body, http.RequestAborted);
    }

    private ReadOnlyMemory<byte> ToJson(string requestId)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = ReadableJsonEncoder.Instance }))
        {
            json.WriteStartObject();
            json.WriteString("type", "about:blank");
            json.WriteString("title", Title);
            json.WriteNumber("status", Status);
            json.WriteString("detail", Detail);
            json.WriteString("code", Code);
            json.WriteString("request_id", requestId);
            json.WriteEndObject();
        }
        return body.WrittenMemory;
    }
}
