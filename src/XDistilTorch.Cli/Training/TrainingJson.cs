using System.Text.Json.Serialization;
using XDistilTorch.Training.Runs;

namespace XDistilTorch.Cli.Training;

/// <summary>JSON of training records, of plans and of several seeds' figures, on one line.</summary>
[JsonSerializable(typeof(TrainingRecord))]
[JsonSerializable(typeof(SeedSummary))]
[JsonSerializable(typeof(TrainingPlanRecord))]
[JsonSourceGenerationOptions(UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class TrainingJson : JsonSerializerContext;
