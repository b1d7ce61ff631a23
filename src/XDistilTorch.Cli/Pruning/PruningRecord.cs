using System.Text.Json;
using System.Text.Json.Serialization;
using XDistilTorch.Evaluation;
using XDistilTorch.Pruning;

namespace XDistilTorch.Cli.Pruning;

/// <summary>A figure of both models; <c>difference</c> is after minus before, with its 95 % interval.</summary>
internal sealed record FigurePair(double Before, double After, IntervalRecord Difference)
{
    public static FigurePair Of(BootstrapInterval before, BootstrapInterval after, BootstrapInterval difference) =>
        new(before.Mean, after.Mean, new IntervalRecord(difference.Mean, difference.Lower, difference.Upper));
}

/// <summary>A mean with its interval.</summary>
internal sealed record IntervalRecord(double Mean, double Lower, double Upper);

/// <summary>Forward passes in windows a second; <c>speedup</c> is the median of the ratios of turns.</summary>
internal sealed record SpeedPair(double Before, double After, double Speedup);

/// <summary>What pruning cost and gained on a file of questions.</summary>
internal sealed record ComparisonRecord(
    string Data,
    int Questions,
    long Windows,
    FigurePair Exact,
    FigurePair F1,
    SpeedPair WindowsPerSecond
)
{
    public static ComparisonRecord Of(string data, PruningComparison comparison) =>
        new(
            data,
            comparison.Difference.Total,
            comparison.Windows,
            FigurePair.Of(comparison.Before.Exact, comparison.After.Exact, comparison.Difference.Exact),
            FigurePair.Of(comparison.Before.F1, comparison.After.F1, comparison.Difference.F1),
            new SpeedPair(comparison.SpeedBefore, comparison.SpeedAfter, comparison.Speedup)
        );
}

/// <summary>A pruned model for machines; <c>heads</c> has how many each layer has left, <c>pruned_heads</c> the original numbers of those that are gone.</summary>
internal sealed record PruningRecord(
    string Model,
    string Output,
    int Layers,
    IReadOnlyList<int> Heads,
    IReadOnlyDictionary<int, IReadOnlyList<int>> PrunedHeads,
    long ParametersBefore,
    long Parameters,
    string StoredAs,
    IReadOnlyList<string> LeftOut,
    ComparisonRecord? Comparison
)
{
    public static PruningRecord Of(string model, string output, PrunedFolder pruned, ComparisonRecord? comparison) =>
        new(
            model,
            output,
            pruned.Config.NumHiddenLayers,
            [.. Enumerable.Range(0, pruned.Config.NumHiddenLayers).Select(pruned.Config.HeadCount)],
            pruned.Config.PrunedHeads,
            pruned.ParametersBefore,
            pruned.Parameters,
            pruned.StoredAs.ToString().ToLowerInvariant(),
            pruned.LeftOut,
            comparison
        );
}

[JsonSerializable(typeof(PruningRecord))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class PruningJson : JsonSerializerContext
{
    public static PruningJson OneLine { get; } =
        new(new JsonSerializerOptions { Encoder = ReadableJsonEncoder.Instance, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower });
}
