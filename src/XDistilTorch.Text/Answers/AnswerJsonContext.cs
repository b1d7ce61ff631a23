using System.Text.Json;
using System.Text.Json.Serialization;

namespace XDistilTorch;

/// <summary>How the answer record is written as JSON and read back, without reflection.</summary>
[JsonSerializable(typeof(Answer))]
public sealed partial class AnswerJsonContext : JsonSerializerContext
{
    /// <summary>One line, text outside ASCII left readable (<see cref="ReadableJsonEncoder"/>): what every command writes.</summary>
    public static AnswerJsonContext OneLine { get; } = new(new JsonSerializerOptions { Encoder = ReadableJsonEncoder.Instance });
}
