using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;
using XDistilTorch.Inspection.Causality;
using XDistilTorch.Inspection.OverData;

namespace XDistilTorch.Cli.Inspecting.Measures;

/// <summary>What becomes of the answer's score without each head and each layer.</summary>
internal sealed class AblationMeasure(
    QuestionAnswerer answerer,
    string? target,
    AblationKind kind,
    IReadOnlyList<InspectedWindow>? others,
    int[]? layers,
    int[]? heads
) : IMeasure<AblationReport>, IDisposable
{
    private const string HeadScore = "head_score_change",
        HeadMargin = "head_margin_change",
        Attention = "attention_on_question",
        LayerScore = "layer_score_change",
        LayerMargin = "layer_margin_change",
        Agreement = "attention_agreement";

    private readonly IReadOnlyList<int> layers = NumberList.Within(layers, answerer.Model.Config.NumHiddenLayers, "layer"),
        heads = NumberList.Within(heads, answerer.Model.Config.MostHeads, "head");

    private AblationReference? reference;

    public MeasureDescription Description { get; } =
        new(
            "ablation",
            [AblationReport.Note],
            [
                new("score", "score of the answer, or of no answer, with all parts"),
                new("margin", "how far the answer's score is above that of no answer, with all parts"),
                new(HeadScore, "change of the score without a head"),
                new(HeadMargin, "change of the margin above no answer without a head"),
                new(Attention, "share of the question in what the answer's tokens look at, head by head"),
                new(
                    Agreement,
                    "rank correlation, over heads, of the size of that change of the score with that attention: at 0 attention tells nothing of what is needed",
                    HasExamples: true
                ),
                new(LayerScore, "change of the score without a layer"),
                new(LayerMargin, "change of the margin above no answer without a layer"),
            ]
        );

    /// <summary>Whether one reference window, the longest, serves all questions; else it is drawn among those that are long enough for the question.</summary>
    public bool SharesReference { get; init; }

    public AblationReport Of(InspectedQuestion question, int? window, CancellationToken stop)
    {
        var looked = InspectedTarget.Of(question, target, window);
        if (others is not null)
            reference ??= new AblationReference(
                answerer.Model,
                others,
                answerer.Device,
                SharesReference ? others.Select(other => other.Length).DefaultIfEmpty().Max() : looked.Window.Length,
                cancellation: stop
            );
        return AblationReport.Of(
            answerer.Model,
            looked,
            new Ablation(answerer.Model, kind, reference),
            answerer.Device,
            layers,
            heads,
            stop
        );
    }

    public string Json(InspectedQuestion question, AblationReport result) => CausalityJson.Write(AblationRecord.Of(result, kind));

    public IEnumerable<MeasuredValue> Values(AblationReport result)
    {
        List<MeasuredValue> values = [new("score", result.Score)];
        if (result.Margin is { } margin)
            values.Add(new("margin", margin));
        foreach (var effect in result.Heads)
        {
            values.Add(new(HeadScore, effect.Score) { Layer = effect.Layer, Head = effect.Head });
            if (effect.Margin is { } change)
                values.Add(new(HeadMargin, change) { Layer = effect.Layer, Head = effect.Head });
            values.Add(new(Attention, effect.AttentionOnQuestion!.Value) { Layer = effect.Layer, Head = effect.Head });
        }
        if (
            RankCorrelation.Spearman(
                [.. result.Heads.Select(effect => Math.Abs(effect.Score))],
                [.. result.Heads.Select(effect => effect.AttentionOnQuestion!.Value)]
            ) is
            { } rank
        )
            values.Add(new(Agreement, rank));
        foreach (var effect in result.Layers)
        {
            values.Add(new(LayerScore, effect.Score) { Layer = effect.Layer });
            if (effect.Margin is { } change)
                values.Add(new(LayerMargin, change) { Layer = effect.Layer });
        }
        var method = kind.ToString().ToLowerInvariant();
        return values.Select(value => value with { Method = method });
    }

    public void Dispose() => reference?.Dispose();
}
