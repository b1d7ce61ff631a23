using System.Text.Json.Serialization;

namespace XDistilTorch;

/// <summary>A place in the context that may be the answer.</summary>
public sealed record AnswerSpan
{
    /// <summary>The slice of the context.</summary>
    [JsonPropertyName("text")]
    public required string Text { get; init; }

    /// <summary>The decoder's score; for <c>squad</c> and <c>calibrated</c> start plus end logit.</summary>
    [JsonPropertyName("score")]
    public required float Score { get; init; }

    /// <summary>The decoder's probability of this span.</summary>
    [JsonPropertyName("probability")]
    public required double Probability { get; init; }

    /// <summary>First character, in code points as SQuAD counts.</summary>
    [JsonPropertyName("start")]
    public required int Start { get; init; }

    /// <summary>After the last character, in code points.</summary>
    [JsonPropertyName("end")]
    public required int End { get; init; }

    /// <summary>First character, in UTF-16 units as .NET counts.</summary>
    [JsonPropertyName("start_utf16")]
    public required int StartUtf16 { get; init; }

    /// <summary>After the last character, in UTF-16 units.</summary>
    [JsonPropertyName("end_utf16")]
    public required int EndUtf16 { get; init; }

    /// <summary>The document it is from, by file name or id; null, and not written, where there is but one text.</summary>
    [JsonPropertyName("document"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Document { get; init; }

    /// <summary>Which window of the context it was found in, counted from 0.</summary>
    [JsonPropertyName("window")]
    public required int Window { get; init; }
}
