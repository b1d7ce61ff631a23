using System.Text.Json;
using System.Text.Json.Serialization;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Causality;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Cli.Inspecting;

/// <summary>Ablation for machines.</summary>
internal sealed record AblationRecord(
    TargetRecord Target,
    int Window,
    string Kind,
    double Score,
    double? Margin,
    IReadOnlyList<PartEffect> Heads,
    IReadOnlyList<PartEffect> Layers,
    string Note
)
{
    public static AblationRecord Of(AblationReport report, AblationKind kind) =>
        new(
            TargetRecord.Of(report.Target, new CodePointIndex(report.Target.Window.Context)),
            report.Target.Window.Tokens.Index,
            kind.ToString().ToLowerInvariant(),
            report.Score,
            report.Margin,
            report.Heads,
            report.Layers,
            AblationReport.Note
        );
}

/// <summary>A span that a layer would answer.</summary>
internal sealed record LensSpan(string Text, double Score);

/// <summary>One layer through the lens; <c>rank</c> 0 is the best, null where no span is looked at.</summary>
internal sealed record LensLayerRecord(int Layer, double Score, double Null, int? Rank, IReadOnlyList<LensSpan> Best);

/// <summary>The span lens for machines.</summary>
internal sealed record LensRecord(TargetRecord Target, int Window, int? SettledAt, IReadOnlyList<LensLayerRecord> Layers, string Note)
{
    public const string Says =
        "The lens reads every layer with a head that was trained for the last one: what it does not find in an earlier layer may be there in another form.";

    public static LensRecord Of(InspectedTarget looked, IReadOnlyList<LensLayer> layers, int top)
    {
        var window = looked.Window;
        return new LensRecord(
            TargetRecord.Of(looked, new CodePointIndex(window.Context)),
            window.Tokens.Index,
            looked.Span is { } span ? SpanLens.SettledAt(layers, span, window.ContextTokens) : null,
            [
                .. layers.Select(layer => new LensLayerRecord(
                    layer.Layer,
                    looked.Span is { } answer ? layer.Score(answer) : layer.Null,
                    layer.Null,
                    looked.Span is { } ranked ? layer.Rank(ranked, window.ContextTokens) : null,
                    [
                        .. layer
                            .Best(window.ContextTokens, top)
                            .Select(best => new LensSpan(window.Covered(best).Of(window.Context), layer.Score(best))),
                    ]
                )),
            ],
            Says
        );
    }
}

/// <summary>Scores when the way is shut in some layers.</summary>
internal sealed record KnockoutLayers(IReadOnlyList<int> Layers, double Score, double? Margin);

/// <summary>Attention knock-out for machines; <c>score</c> and <c>margin</c> at the top are those with all ways open.</summary>
internal sealed record KnockoutRecord(
    TargetRecord Target,
    int Window,
    string From,
    string To,
    double Score,
    double? Margin,
    IReadOnlyList<KnockoutLayers> Knockouts,
    string Note
)
{
    public const string Says =
        "A knock-out shows whether what passes from these tokens to those, in these layers, is needed: what goes around by other tokens is not seen.";

    public static KnockoutRecord Of(
        InspectedTarget looked,
        TokenGroup from,
        TokenGroup to,
        QuestionAnsweringOutput open,
        IEnumerable<(IReadOnlyList<int> Layers, QuestionAnsweringOutput Output)> shut
    )
    {
        double? Value(LogitTarget? target, QuestionAnsweringOutput output) =>
            target?.Of(output.StartLogits, output.EndLogits).to(ScalarType.Float64).item<double>();
        var score = looked.Span is { } span ? LogitTarget.Span(span) : LogitTarget.Null;
        var margin = looked.Span is { } answer ? LogitTarget.Margin(answer) : null;
        return new KnockoutRecord(
            TargetRecord.Of(looked, new CodePointIndex(looked.Window.Context)),
            looked.Window.Tokens.Index,
            GroupNames.ForMachines(from),
            GroupNames.ForMachines(to),
            Value(score, open)!.Value,
            Value(margin, open),
            [.. shut.Select(each => new KnockoutLayers(each.Layers, Value(score, each.Output)!.Value, Value(margin, each.Output)))],
            Says
        );
    }
}

/// <summary>Activation patching for machines: scores with one value put in, and beside them what attribution patching reckons as changes.</summary>
internal sealed record PatchingRecord(
    TargetRecord Target,
    int Window,
    IReadOnlyList<string> Tokens,
    IReadOnlyList<string> CorruptedTokens,
    double Clean,
    double Corrupted,
    IReadOnlyList<double[]> HiddenStates,
    IReadOnlyList<double[]> Heads,
    IReadOnlyList<double> Mlps,
    IReadOnlyList<double[]> AttributedHiddenStates,
    IReadOnlyList<double[]> AttributedHeads,
    IReadOnlyList<double> AttributedMlps,
    double? Correlation,
    string Note
)
{
    private const string Says =
        "Patching shows what is enough to bring the answer back in this pair of texts, not what the model does elsewhere; values that only work together look idle alone.";

    public static PatchingRecord Of(InspectedTarget looked, InspectedWindow corrupted, PatchingGrid grid, PatchingGrid slopes) =>
        new(
            TargetRecord.Of(looked, new CodePointIndex(looked.Window.Context)),
            looked.Window.Tokens.Index,
            looked.Window.Pieces,
            corrupted.Pieces,
            grid.Clean,
            grid.Corrupted,
            grid.HiddenStates,
            grid.Heads,
            grid.Mlps,
            slopes.HiddenStates,
            slopes.Heads,
            slopes.Mlps,
            grid.Correlation(slopes),
            Says
        );
}

[JsonSerializable(typeof(AblationRecord))]
[JsonSerializable(typeof(LensRecord))]
[JsonSerializable(typeof(KnockoutRecord))]
[JsonSerializable(typeof(PatchingRecord))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class CausalityJson : JsonSerializerContext
{
    private static readonly CausalityJson OneLine = new(
        new JsonSerializerOptions { Encoder = ReadableJsonEncoder.Instance, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower }
    );

    /// <summary>A record as one line.</summary>
    public static string Write<T>(T record) => JsonSerializer.Serialize(record, typeof(T), OneLine);
}
