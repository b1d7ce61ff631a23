using TorchSharp;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Causality;
using XDistilTorch.Inspection.OverData;

namespace XDistilTorch.Cli.Inspecting.Measures;

/// <summary>What becomes of the answer when some tokens may not look at some others: in each layer in turn and in all, or in those that were named.</summary>
internal sealed class KnockoutMeasure(
    QuestionAnswerer answerer,
    string? target,
    TokenGroup from,
    TokenGroup to,
    int[]? layers,
    int[]? heads
) : IMeasure<(InspectedTarget Target, KnockoutRecord Record)>
{
    private const string ScoreChange = "score_change",
        MarginChange = "margin_change";

    private readonly IReadOnlyList<int> heads = NumberList.Within(heads, answerer.Model.Config.MostHeads, "head");
    private readonly IReadOnlyList<IReadOnlyList<int>> where = Where(layers, answerer.Model.Config.NumHiddenLayers);

    public MeasureDescription Description { get; } =
        new(
            "knockout",
            [KnockoutRecord.Says],
            [
                new("score", "score of the answer, or of no answer, with all ways open"),
                new("margin", "how far the answer's score is above that of no answer, with all ways open"),
                new(ScoreChange, "change of the score when the way is shut in one layer, or in all of them", HasExamples: true),
                new(
                    MarginChange,
                    "change of the margin above no answer when the way is shut in one layer, or in all of them",
                    HasExamples: true
                ),
            ]
        );

    public (InspectedTarget Target, KnockoutRecord Record) Of(InspectedQuestion question, int? window, CancellationToken stop)
    {
        var looked = InspectedTarget.Of(question, target, window);
        RefuseEmpty(looked, from, "--from");
        RefuseEmpty(looked, to, "--to");
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        var input = looked.Window.ToInput(answerer.Device);
        var groups = looked.Window.Groups(looked.Span);
        var record = KnockoutRecord.Of(
            looked,
            from,
            to,
            answerer.Model.Forward(input),
            where.Select(those =>
            {
                stop.ThrowIfCancellationRequested();
                return (
                    those,
                    new AttentionKnockout(answerer.Model, those, heads).Run(
                        input,
                        [.. groups.Select(group => group == from)],
                        [.. groups.Select(group => group == to)]
                    )
                );
            })
        );
        return (looked, record);
    }

    public string Json(InspectedQuestion question, (InspectedTarget Target, KnockoutRecord Record) result) =>
        CausalityJson.Write(result.Record);

    public IEnumerable<MeasuredValue> Values((InspectedTarget Target, KnockoutRecord Record) result)
    {
        var record = result.Record;
        List<MeasuredValue> values = [new("score", record.Score)];
        if (record.Margin is { } margin)
            values.Add(new("margin", margin));
        foreach (var knockout in record.Knockouts)
        {
            int? layer = knockout.Layers.Count == 1 ? knockout.Layers[0] : null;
            values.Add(new(ScoreChange, knockout.Score - record.Score) { Layer = layer });
            if (knockout.Margin is { } shut)
                values.Add(new(MarginChange, shut - record.Margin!.Value) { Layer = layer });
        }
        return values.Select(value => value with { Method = $"{record.From} to {record.To}" });
    }

    private static IReadOnlyList<IReadOnlyList<int>> Where(int[]? named, int count)
    {
        var all = NumberList.Within(named, count, "layer");
        return named is { Length: > 0 } ? [all] : [.. all.Select(layer => (int[])[layer]), all];
    }

    private static void RefuseEmpty(InspectedTarget looked, TokenGroup group, string option)
    {
        if (!looked.Window.Groups(looked.Span).Contains(group))
            throw new InspectionException(
                $"{option} {GroupNames.ForMachines(group)}: the window has no such token{(group == TokenGroup.Answer ? ", as there is no answer; name a span with --target" : "")}."
            );
    }
}
