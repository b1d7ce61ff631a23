using System.Text.Json.Serialization;

namespace XDistilTorch.Training;

/// <summary>Where a training stands, beside its weights and its optimizer's state: <c>trainer_state.json</c> of a checkpoint.</summary>
internal sealed record TrainerState
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    public required long StepsDone { get; init; }

    public required long TotalSteps { get; init; }

    /// <summary>How it is trained: a run that goes on must be the same.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>The SHA-256 of all windows with their labels.</summary>
    public required string WindowsSha256 { get; init; }
}

/// <summary>The state as JSON, without reflection.</summary>
[JsonSerializable(typeof(TrainerState))]
[JsonSourceGenerationOptions(
    WriteIndented = true,
    UseStringEnumConverter = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
internal sealed partial class TrainerStateJson : JsonSerializerContext;
