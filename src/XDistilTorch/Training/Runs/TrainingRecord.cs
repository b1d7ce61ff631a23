using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using XDistilTorch.Prediction;

namespace XDistilTorch.Training.Runs;

/// <summary>
/// What a training is known by, and what came of it: <c>training.partial.json</c> while it is under way, <c>training.json</c> when it is over. Holds no times, so that
/// equal trainings have equal records.
/// </summary>
public sealed record TrainingRecord
{
    /// <summary>The version of the fields that this library reads and writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Which fields there are and what they mean.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>How the model is trained.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>How often the run looks and saves, and what comes out.</summary>
    public required TrainingRunSettings Run { get; init; }

    /// <summary>The model that it begins with.</summary>
    public required HashedSource Model { get; init; }

    /// <summary>The model that it learns from; null: none.</summary>
    public HashedSource? Teacher { get; init; }

    /// <summary>The questions trained on.</summary>
    public required HashedSource TrainData { get; init; }

    /// <summary>The questions evaluated on; null: none.</summary>
    public HashedSource? DevData { get; init; }

    /// <summary>Old questions mixed in; null: none.</summary>
    public HashedSource? ReplayData { get; init; }

    /// <summary>torch's threads. Other threads, other rounding.</summary>
    public required int Threads { get; init; }

    /// <summary>What came of it; null while it is under way.</summary>
    public TrainingResult? Result { get; init; }

    // What may differ between the processes of one training.
    private static readonly string[] Free = ["threads", "result", "run.save_total_limit", "run.dtype"];

    /// <summary>In what a training differs from this one that should go on with it, one line each.</summary>
    internal IEnumerable<string> Differences(TrainingRecord now)
    {
        var (before, after) = (Facts(this), Facts(now));
        foreach (
            var name in before
                .Keys.Union(after.Keys)
                .Where(name => !Free.Any(free => name == free || name.StartsWith(free + '.', StringComparison.Ordinal)))
        )
        {
            var (was, isNow) = (before.GetValueOrDefault(name, "none"), after.GetValueOrDefault(name, "none"));
            if (was != isNow && !name.EndsWith(".name", StringComparison.Ordinal))
                yield return $"{Words(name)} was {was}, is {isNow}";
        }
    }

    private static string Words(string fact) =>
        fact.EndsWith(".sha256", StringComparison.Ordinal)
            ? $"the SHA-256 of the {fact.Split('.')[0].Replace('_', ' ')}"
            : fact[(fact.IndexOf('.', StringComparison.Ordinal) + 1)..];

    private static Dictionary<string, string> Facts(TrainingRecord record)
    {
        Dictionary<string, string> facts = new(StringComparer.Ordinal);
        Gather(JsonSerializer.SerializeToNode(record, TrainingRecordJson.Default.TrainingRecord), "");
        return facts;

        void Gather(JsonNode? node, string name)
        {
            if (node is JsonObject fields)
                foreach (var (field, value) in fields)
                    Gather(value, name.Length == 0 ? field : $"{name}.{field}");
            else
                facts[name] = node?.ToJsonString() ?? "none";
        }
    }

    /// <exception cref="TrainingException">The file is not a training's record.</exception>
    internal static TrainingRecord Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var record =
                JsonSerializer.Deserialize(file, TrainingRecordJson.Default.TrainingRecord) ?? throw new JsonException("it holds null.");
            return record.Version == CurrentVersion
                ? record
                : throw new JsonException($"version is {record.Version}, expected {CurrentVersion}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new TrainingException($"{path}: is not the record of a training: {e.Message}", e);
        }
    }

    /// <exception cref="IOException">It cannot be written.</exception>
    internal void Write(string path)
    {
        using var file = new HashedFile(path);
        JsonSerializer.Serialize(file, this, TrainingRecordJson.Default.TrainingRecord);
        file.Write("\n"u8);
        file.Finish();
    }
}

/// <summary>A file or folder that a training took.</summary>
/// <param name="Name">Its name, without folders.</param>
/// <param name="Sha256">The SHA-256 of the file, or of the model's files (<see cref="FileHash.OfModel"/>).</param>
public sealed record HashedSource(string Name, string Sha256);

/// <summary>The settings of a run beside <see cref="TrainingOptions"/>, by the names of the command's options.</summary>
public sealed record TrainingRunSettings
{
    /// <summary><c>random</c> where all weights were; else null.</summary>
    public string? Init { get; init; }

    /// <summary>Dropout, where it is not the config's.</summary>
    public double? Dropout { get; init; }

    /// <summary>Where the model computes.</summary>
    public required string Device { get; init; }

    /// <summary>The longest window, in tokens.</summary>
    public required int MaxLength { get; init; }

    /// <summary>Tokens that neighbouring windows share.</summary>
    public required int Stride { get; init; }

    /// <summary>Steps between evaluations; null: after every epoch.</summary>
    public long? EvalSteps { get; init; }

    /// <summary>Steps between checkpoints.</summary>
    public required long SaveSteps { get; init; }

    /// <summary>How many checkpoints stay.</summary>
    public int? SaveTotalLimit { get; init; }

    /// <summary>By what the weights were chosen; null: the last ones.</summary>
    public BestMetric? BestMetric { get; init; }

    /// <summary>After how many evaluations without a better one it stops.</summary>
    public int? EarlyStoppingPatience { get; init; }

    /// <summary>The share of old questions.</summary>
    public double? Replay { get; init; }

    /// <summary>How much is learnt from what of the teacher; null without one.</summary>
    public DistillationOptions? Distillation { get; init; }

    /// <summary>The type of the weights that came out.</summary>
    public required string Dtype { get; init; }
}

/// <summary>The record as JSON, without reflection.</summary>
[JsonSerializable(typeof(TrainingRecord))]
[JsonSourceGenerationOptions(
    WriteIndented = true,
    UseStringEnumConverter = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
internal sealed partial class TrainingRecordJson : JsonSerializerContext;
