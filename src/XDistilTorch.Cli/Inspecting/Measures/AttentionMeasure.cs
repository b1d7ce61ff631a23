using XDistilTorch.Inspection;
using XDistilTorch.Inspection.OverData;

namespace XDistilTorch.Cli.Inspecting.Measures;

/// <summary>Where the answer's tokens look, and who looks at them.</summary>
internal sealed class AttentionMeasure(QuestionAnswerer answerer, string? target, int[]? layers, int[]? heads) : IMeasure<AttentionReport>
{
    private const string Mass = "group_mass",
        Sinks = "sink_share",
        Entropy = "entropy",
        Distance = "distance";

    private readonly IReadOnlyList<int> layers = NumberList.Within(layers, answerer.Model.Config.NumHiddenLayers, "layer"),
        heads = NumberList.Within(heads, answerer.Model.Config.MostHeads, "head");

    public MeasureDescription Description { get; } =
        new(
            "attention",
            [AttentionReport.Note],
            [
                new(
                    Mass,
                    "attention that the answer's tokens ([CLS] where there is no answer) pay to a group of tokens",
                    HasExamples: true,
                    ExamplesOf: "question"
                ),
                new(Sinks, "share of all attention that goes to [CLS] and [SEP]", HasExamples: true),
                new(Entropy, "mean entropy of attention, in nats"),
                new(Distance, "mean distance that attention reaches, in tokens"),
            ]
        );

    public AttentionReport Of(InspectedQuestion question, int? window, CancellationToken stop) =>
        AttentionReport.Of(answerer.Model, InspectedTarget.Of(question, target, window), layers, heads);

    public string Json(InspectedQuestion question, AttentionReport result) => AttentionRecord.Of(question, result).ToJson();

    public string JsonRow(InspectedQuestion question, AttentionReport result) =>
        AttentionRecord.Of(question, result).WithoutTokensOfHeads().ToJson();

    public IEnumerable<MeasuredValue> Values(AttentionReport result) =>
        result
            .Layers.SelectMany(layer =>
                layer
                    .Heads.SelectMany(head => Values(head.Figures).Select(value => value with { Layer = layer.Layer, Head = head.Head }))
                    .Concat(Values(layer.Mean).Select(value => value with { Layer = layer.Layer }))
            )
            .Concat(
                result
                    .Layers.SelectMany(layer => Values(layer.Mean))
                    .GroupBy(value => (value.Figure, value.Group))
                    .Select(same => same.First() with { Value = same.Average(value => value.Value) })
            );

    private static IEnumerable<MeasuredValue> Values(AttentionFigures figures) =>
        [
            .. figures
                .GroupMass.OrderBy(pair => pair.Key)
                .Select(pair => new MeasuredValue(Mass, pair.Value) { Group = GroupNames.ForMachines(pair.Key) }),
            new MeasuredValue(Sinks, figures.SinkShare),
            new MeasuredValue(Entropy, figures.Entropy),
            new MeasuredValue(Distance, figures.Distance),
        ];
}
