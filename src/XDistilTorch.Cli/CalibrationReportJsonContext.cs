using System.Text.Json.Serialization;
using XDistilTorch.Calibrating;

namespace XDistilTorch.Cli;

/// <summary>JSON of <see cref="CalibrationReport"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CalibrationReport))]
internal sealed partial class CalibrationReportJsonContext : JsonSerializerContext;
