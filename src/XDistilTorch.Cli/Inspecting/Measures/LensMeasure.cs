using TorchSharp;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.OverData;

namespace XDistilTorch.Cli.Inspecting.Measures;

/// <summary>What the question-answering head reads from every layer.</summary>
internal sealed class LensMeasure(QuestionAnswerer answerer, string? target, int top)
    : IMeasure<(InspectedTarget Target, LensRecord Record)>
{
    private const string SettledAt = "settled_at",
        Score = "score",
        Null = "null_score",
        Rank = "rank";

    public MeasureDescription Description { get; } =
        new(
            "lens",
            [LensRecord.Says],
            [
                new(
                    SettledAt,
                    "layers after which the answer is the best of all and stays so (0: in the embeddings already)",
                    HasExamples: true
                ),
                new(Score, "score of the answer, or of no answer, after so many layers"),
                new(Null, "score of no answer after so many layers"),
                new(Rank, "how many spans score higher than the answer after so many layers"),
            ]
        );

    public (InspectedTarget Target, LensRecord Record) Of(InspectedQuestion question, int? window, CancellationToken stop)
    {
        var looked = InspectedTarget.Of(question, target, window);
        using var scope = torch.NewDisposeScope();
        return (looked, LensRecord.Of(looked, SpanLens.Run(answerer.Model, looked.Window.ToInput(answerer.Device)), top));
    }

    public string Json(InspectedQuestion question, (InspectedTarget Target, LensRecord Record) result) =>
        CausalityJson.Write(result.Record);

    public IEnumerable<MeasuredValue> Values((InspectedTarget Target, LensRecord Record) result)
    {
        if (result.Record.SettledAt is { } settled)
            yield return new MeasuredValue(SettledAt, settled);
        foreach (var layer in result.Record.Layers)
        {
            yield return new MeasuredValue(Score, layer.Score) { Layer = layer.Layer };
            yield return new MeasuredValue(Null, layer.Null) { Layer = layer.Layer };
            if (layer.Rank is { } rank)
                yield return new MeasuredValue(Rank, rank) { Layer = layer.Layer };
        }
    }
}
