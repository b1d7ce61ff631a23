using System.Text.Json;
using System.Text.Json.Serialization;
using XDistilTorch.Cli.Pruning;
using XDistilTorch.Inspection.Importance;

namespace XDistilTorch.Cli.Inspecting;

/// <summary>The importance of all heads for machines: [layers][heads] of each measure; <c>least_by_...</c> as <c>model prune --heads</c> takes it.</summary>
internal sealed record ImportanceRecord(
    string Model,
    string Data,
    int Questions,
    long Windows,
    int LeftOut,
    double Loss,
    IReadOnlyList<double[]>? Gradient,
    IReadOnlyList<double[]>? LossChange,
    IReadOnlyList<double[]>? ScoreChange,
    double? RankCorrelation,
    string? LeastByGradient,
    string? LeastByAblation,
    string Note
)
{
    public static ImportanceRecord Of(string model, string data, ImportanceSummary summary, int leftOut, int? least) =>
        new(
            model,
            data,
            summary.Questions,
            summary.Windows,
            leftOut,
            summary.Loss,
            summary.Gradient,
            summary.LossChange,
            summary.ScoreChange,
            summary.RankCorrelation,
            Least(summary.Gradient, least),
            Least(summary.LossChange, least),
            HeadImportance.Note
        );

    private static string? Least(IReadOnlyList<double[]>? importance, int? count) =>
        importance is null || count is not { } least ? null : HeadList.Of(ImportanceSummary.Least(importance, least));
}

/// <summary>One question's values, a line of <c>--output</c>.</summary>
internal sealed record QuestionImportanceRecord(
    string Id,
    int Windows,
    double Loss,
    IReadOnlyList<double[]>? Gradient,
    IReadOnlyList<double[]>? LossChange,
    IReadOnlyList<double[]>? ScoreChange
)
{
    public static QuestionImportanceRecord Of(string id, QuestionImportance question) =>
        new(id, question.Windows, question.Loss, question.Gradient, question.LossChange, question.ScoreChange);
}

[JsonSerializable(typeof(ImportanceRecord))]
[JsonSerializable(typeof(QuestionImportanceRecord))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class ImportanceJson : JsonSerializerContext
{
    public static ImportanceJson OneLine { get; } =
        new(new JsonSerializerOptions { Encoder = ReadableJsonEncoder.Instance, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower });
}
