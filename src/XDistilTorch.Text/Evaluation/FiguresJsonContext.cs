using System.Text.Json.Serialization;

namespace XDistilTorch.Evaluation;

/// <summary>How the official figures are written as JSON and read back, without reflection; parts that were not computed are left out.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Squad1Figures))]
[JsonSerializable(typeof(Squad2Figures))]
public sealed partial class FiguresJsonContext : JsonSerializerContext;
