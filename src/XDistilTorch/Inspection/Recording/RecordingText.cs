using System.Text.Json;
using System.Text.Json.Serialization;

namespace XDistilTorch.Inspection.Recording;

/// <summary>What a recording's numbers are about: the window's tokens and their places, as <c>xdistil tokenize --json</c> names them.</summary>
internal sealed record RecordingText
{
    public required string Question { get; init; }

    public required int Window { get; init; }

    public required IReadOnlyList<string> Tokens { get; init; }

    public required int[] Ids { get; init; }

    public required int[] TypeIds { get; init; }

    /// <summary>Start and end of each token in UTF-16 units of question or context; 0, 0 for special tokens.</summary>
    [JsonPropertyName("offsets_utf16")]
    public required IReadOnlyList<int> OffsetsUtf16 { get; init; }

    /// <summary>0: of the question, 1: of the context, -1: special.</summary>
    public required int[] SequenceIds { get; init; }

    public static string Json(InspectedWindow window) =>
        JsonSerializer.Serialize(
            new RecordingText
            {
                Question = window.Question,
                Window = window.Tokens.Index,
                Tokens = window.Pieces,
                Ids = window.Tokens.Ids,
                TypeIds = window.Tokens.TypeIds,
                OffsetsUtf16 = [.. window.Tokens.Offsets.SelectMany(span => (int[])[span.Start, span.End])],
                SequenceIds = window.Tokens.SequenceIds,
            },
            RecordingTextJson.Default.RecordingText
        );
}

[JsonSerializable(typeof(RecordingText))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class RecordingTextJson : JsonSerializerContext;
