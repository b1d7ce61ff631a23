using System.Text.Json;
using System.Text.Json.Serialization;

namespace XDistilTorch.Inspection;

/// <summary>
/// Attention for machines, one object: the tokens of the window as <c>xdistil tokenize --json</c> has them, with the group of each; per layer the mean over the
/// chosen heads and each head, and the rollout. <c>looks_at</c>, <c>looked_at_by</c>, <c>value_norm</c> and <c>rollout</c> have one number a token.
/// </summary>
internal sealed record AttentionRecord(
    string Question,
    string Answer,
    TargetRecord Target,
    int Window,
    int Windows,
    IReadOnlyList<string> Tokens,
    int[] Ids,
    IReadOnlyList<string> Groups,
    IReadOnlyList<int> Offsets,
    [property: JsonPropertyName("offsets_utf16")] IReadOnlyList<int> OffsetsUtf16,
    IReadOnlyList<LayerRecord> Layers,
    string Note
)
{
    public static AttentionRecord Of(InspectedQuestion question, AttentionReport report)
    {
        var window = report.Target.Window;
        CodePointIndex asked = new(window.Question),
            context = new(window.Context);
        return new AttentionRecord(
            question.Answer.Question,
            question.Answer.Text,
            TargetRecord.Of(report.Target, context),
            window.Tokens.Index,
            question.Windows.Count,
            window.Pieces,
            window.Tokens.Ids,
            [.. window.Groups(report.Target.Span).Select(GroupNames.ForMachines)],
            Places(window, (span, sequence) => (sequence == 1 ? context : asked).ToCodePoints(span)),
            Places(window, (span, _) => (span.Start, span.End)),
            [.. report.Layers.Select(LayerRecord.Of)],
            AttentionReport.Note
        );
    }

    // Start and end of every token in one list; 0, 0 for special tokens.
    private static List<int> Places(InspectedWindow window, Func<TextSpan, int, (int Start, int End)> place)
    {
        List<int> places = [];
        for (var i = 0; i < window.Length; i++)
        {
            var sequence = window.Tokens.SequenceIds[i];
            var (start, end) = sequence < 0 ? (0, 0) : place(window.Tokens.Offsets[i], sequence);
            places.AddRange([start, end]);
        }
        return places;
    }

    /// <summary>Without the numbers of each token head by head, which are most of it; those of a layer's mean stay.</summary>
    public AttentionRecord WithoutTokensOfHeads() =>
        this with
        {
            Layers =
            [
                .. Layers.Select(layer =>
                    layer with
                    {
                        Heads = [.. layer.Heads.Select(head => head with { LooksAt = null, LookedAtBy = null, ValueNorm = null })],
                    }
                ),
            ],
        };

    public string ToJson() => JsonSerializer.Serialize(this, AttentionRecordJson.OneLine.AttentionRecord);
}

/// <summary>What is looked at; for no answer <c>text</c> and its places are null, and the token is [CLS].</summary>
internal sealed record TargetRecord(
    string? Text,
    int? Start,
    int? End,
    [property: JsonPropertyName("start_utf16")] int? StartUtf16,
    [property: JsonPropertyName("end_utf16")] int? EndUtf16,
    int FirstToken,
    int LastToken
)
{
    public static TargetRecord Of(InspectedTarget target, CodePointIndex context) =>
        target.Place is { } place
            ? new TargetRecord(
                target.Text,
                context.ToCodePoint(place.Start),
                context.ToCodePoint(place.End),
                place.Start,
                place.End,
                target.Tokens.First,
                target.Tokens.Last
            )
            : new TargetRecord(null, null, null, null, null, target.Tokens.First, target.Tokens.Last);
}

/// <summary>One layer.</summary>
internal sealed record LayerRecord(int Layer, HeadRecord Mean, IReadOnlyList<HeadRecord> Heads, IReadOnlyList<float> Rollout)
{
    public static LayerRecord Of(LayerAttention layer) =>
        new(
            layer.Layer,
            HeadRecord.Of(null, layer.Mean),
            [.. layer.Heads.Select(head => HeadRecord.Of(head.Head, head.Figures))],
            layer.Rollout
        );
}

/// <summary>One head, or the mean of all that were chosen, which has no number.</summary>
internal sealed record HeadRecord(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Head,
    IReadOnlyDictionary<string, float> GroupMass,
    float SinkShare,
    float Entropy,
    float Distance,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<float>? LooksAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<float>? LookedAtBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<float>? ValueNorm
)
{
    public static HeadRecord Of(int? head, AttentionFigures figures) =>
        new(
            head,
            figures.GroupMass.ToDictionary(pair => GroupNames.ForMachines(pair.Key), pair => pair.Value),
            figures.SinkShare,
            figures.Entropy,
            figures.Distance,
            figures.LooksAt,
            figures.LookedAtBy,
            figures.ValueNorm
        );
}

[JsonSerializable(typeof(AttentionRecord))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class AttentionRecordJson : JsonSerializerContext
{
    public static AttentionRecordJson OneLine { get; } =
        new(new JsonSerializerOptions { Encoder = ReadableJsonEncoder.Instance, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower });
}
