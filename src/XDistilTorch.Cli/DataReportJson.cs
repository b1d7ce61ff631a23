using System.Text.Json;
using System.Text.Json.Serialization;
using XDistilTorch.Data;

namespace XDistilTorch.Cli;

/// <summary>A report on a question file for programs.</summary>
internal sealed record DataReportJson(
    string File,
    long Questions,
    string Evaluate,
    string Train,
    long Problems,
    IReadOnlyDictionary<string, long> Counts,
    IReadOnlyList<DataFaultJson> Faults
)
{
    public static string Of(DataReport report) =>
        JsonSerializer.Serialize(
            new DataReportJson(
                report.Name,
                report.Readable,
                Verdict(report, DataUse.Evaluate),
                Verdict(report, DataUse.Train),
                report.Count,
                report.Counts.ToDictionary(it => it.Key.Name(), it => it.Value),
                [.. report.Faults.Select(DataFaultJson.Of)]
            ),
            DataReportJsonContext.OneLine.DataReportJson
        );

    /// <summary><c>accept</c>, <c>warn</c> or <c>refuse</c>.</summary>
    public static string Verdict(DataReport report, DataUse use) =>
        report.IsRefusedFor(use) ? "refuse"
        : report.Count > 0 ? "warn"
        : "accept";
}

/// <summary>One fault; what does not apply to it is left out.</summary>
internal sealed record DataFaultJson(
    string Code,
    string Evaluate,
    string Train,
    long? Line,
    long? Row,
    string? Path,
    string? Id,
    long? Byte,
    string? Key,
    string? Expected,
    string? Found,
    IReadOnlyList<int>? TextFoundAt,
    string? FirstPlace,
    string Reason,
    string Remedy
)
{
    public static DataFaultJson Of(DataFault fault) =>
        new(
            fault.Code.Name(),
            Word(fault.Evaluating),
            Word(fault.Training),
            fault.Place.Line,
            fault.Place.Row,
            fault.Place.Path,
            fault.Id,
            fault.Byte,
            fault.Key,
            fault.Expected,
            fault.Found,
            fault.TextFoundAt,
            fault.FirstPlace?.ToString(),
            fault.Reason,
            fault.Remedy
        );

    private static string Word(DataSeverity severity) => severity == DataSeverity.Error ? "refuse" : "warn";
}

/// <summary>JSON of <see cref="DataReportJson"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(DataReportJson))]
internal sealed partial class DataReportJsonContext : JsonSerializerContext
{
    public static DataReportJsonContext OneLine { get; } =
        new(
            new JsonSerializerOptions
            {
                Encoder = ReadableJsonEncoder.Instance,
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            }
        );
}
