using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace XDistilTorch.Server.Endpoints;

/// <summary>Writes what leaves the server; answers as every command writes them.</summary>
internal static class ResponseJson
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = ReadableJsonEncoder.Instance };

    public static ReadOnlyMemory<byte> Of(string model, IReadOnlyList<Answer> answers) =>
        Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteStartArray("answers");
            foreach (var answer in answers)
                JsonSerializer.Serialize(json, answer, AnswerJsonContext.OneLine.Answer);
            json.WriteEndArray();
            json.WriteEndObject();
        });

    /// <summary>One answer as an object, several as a list: as the hosted service has it.</summary>
    public static ReadOnlyMemory<byte> Of(IReadOnlyList<HostedAnswer> answers, bool asList) =>
        Write(json =>
        {
            if (asList)
                json.WriteStartArray();
            foreach (var answer in answers)
                JsonSerializer.Serialize(json, answer, ResponseJsonContext.Default.HostedAnswer);
            if (asList)
                json.WriteEndArray();
        });

    public static ReadOnlyMemory<byte> Of(ModelList models) =>
        Write(json => JsonSerializer.Serialize(json, models, ResponseJsonContext.Default.ModelList));

    public static ReadOnlyMemory<byte> Of(HealthReport report) =>
        Write(json => JsonSerializer.Serialize(json, report, ResponseJsonContext.Default.HealthReport));

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body, Readable))
            write(json);
        return body.WrittenMemory;
    }
}

/// <summary>The answers of a request.</summary>
/// <param name="Model">The model that gave them.</param>
/// <param name="Answers">One record a question, in the order of the questions.</param>
internal sealed record AnswersResponse(
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("answers")] IReadOnlyList<Answer> Answers
);

/// <summary>What is served.</summary>
/// <param name="Models">The models by name, the usual one first.</param>
internal sealed record ModelList([property: JsonPropertyName("models")] IReadOnlyList<ModelEntry> Models);

/// <summary>A served model.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="Ready">Whether it answers.</param>
internal sealed record ModelEntry([property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("ready")] bool Ready);

/// <summary>How the server is.</summary>
/// <param name="Status">ok, ready, loading or draining.</param>
internal sealed record HealthReport([property: JsonPropertyName("status")] string Status);

[JsonSerializable(typeof(HostedAnswer))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class ResponseJsonContext : JsonSerializerContext;
