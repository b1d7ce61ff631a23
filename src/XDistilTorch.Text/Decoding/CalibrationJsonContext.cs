using System.Text.Json.Serialization;

namespace XDistilTorch.Decoding;

/// <summary>Strict: every field exactly once, no other, no null.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(Calibration))]
internal sealed partial class CalibrationJsonContext : JsonSerializerContext;
