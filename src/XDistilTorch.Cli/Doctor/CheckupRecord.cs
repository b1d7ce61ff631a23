using System.Text.Json;
using System.Text.Json.Serialization;

namespace XDistilTorch.Cli.Doctor;

/// <summary>One check for machines.</summary>
internal sealed record CheckRecord(string Name, CheckState State, string Found, string? Remedy);

/// <summary>A checkup for machines; <c>ok</c>: nothing has failed.</summary>
internal sealed record CheckupRecord(bool Ok, IReadOnlyList<CheckRecord> Checks);

[JsonSerializable(typeof(CheckupRecord))]
internal sealed partial class CheckupJson : JsonSerializerContext
{
    public static CheckupJson OneLine { get; } =
        new(
            new JsonSerializerOptions
            {
                Encoder = ReadableJsonEncoder.Instance,
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                Converters = { new JsonStringEnumConverter<CheckState>(JsonNamingPolicy.SnakeCaseLower) },
            }
        );
}
