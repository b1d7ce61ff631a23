using System.Text.Json;
using System.Text.Json.Serialization;

namespace XDistilTorch;

/// <summary>
/// The answer to one question: the one record that the library returns and that every command and the server write, with these fields in
/// this order.
/// </summary>
public sealed record Answer
{
    /// <summary>The caller's name for the question; null where none was given.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>The question as given.</summary>
    [JsonPropertyName("question")]
    public required string Question { get; init; }

    /// <summary>The answer, a slice of the context; "" when the text does not answer. <c>answer</c> in JSON.</summary>
    [JsonPropertyName("answer")]
    public required string Text { get; init; }

    /// <summary>
    /// The score of the answer or, without one, <see cref="NullScore"/>; so null only in the rare case that no answer was not allowed and
    /// yet there was no span to give.
    /// </summary>
    [JsonPropertyName("score")]
    public required float? Score { get; init; }

    /// <summary>How probable the answer is, or no answer if that is the answer; what exactly is counted depends on the decoder.</summary>
    [JsonPropertyName("probability")]
    public required double Probability { get; init; }

    /// <summary>First character, in code points as SQuAD counts; null without an answer.</summary>
    [JsonPropertyName("start")]
    public int? Start { get; init; }

    /// <summary>After the last character, in code points; null without an answer.</summary>
    [JsonPropertyName("end")]
    public int? End { get; init; }

    /// <summary>First character, in UTF-16 units as .NET counts; null without an answer.</summary>
    [JsonPropertyName("start_utf16")]
    public int? StartUtf16 { get; init; }

    /// <summary>After the last character, in UTF-16 units; null without an answer.</summary>
    [JsonPropertyName("end_utf16")]
    public int? EndUtf16 { get; init; }

    /// <summary>The sentence of the context around the answer (<see cref="SentenceFinder"/>); null without an answer.</summary>
    [JsonPropertyName("sentence")]
    public string? Sentence { get; init; }

    /// <summary>The document the answer is from, by file name or id; null without an answer and, not written, where there is but one text.</summary>
    [JsonPropertyName("document"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Document { get; init; }

    /// <summary>The score of no answer; null when it was not allowed and so not considered.</summary>
    [JsonPropertyName("null_score")]
    public required float? NullScore { get; init; }

    /// <summary>The decoder: <c>calibrated</c>, <c>squad</c> or <c>pipeline</c>.</summary>
    [JsonPropertyName("decoder")]
    public required string Decoder { get; init; }

    /// <summary>The best spans, best first, at most as many as were asked for; also when the answer is no answer.</summary>
    [JsonPropertyName("answers")]
    public required IReadOnlyList<AnswerSpan> Answers { get; init; }

    /// <summary>Whether the text answers the question.</summary>
    [JsonIgnore]
    public bool HasAnswer => StartUtf16 is not null;

    /// <summary>The record as one line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, AnswerJsonContext.OneLine.Answer);
}
