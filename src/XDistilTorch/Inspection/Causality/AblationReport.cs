using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Causality;

/// <summary>What taking one part away does, beside how the part looks.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Head">The head; null: the whole layer.</param>
/// <param name="Score">The change of the span's score; of that of no answer where there is no span.</param>
/// <param name="Margin">The change of how far it is above the score of no answer; null where it is that itself.</param>
/// <param name="AttentionOnQuestion">How much the target's tokens look at the question there: where this and the change disagree, attention misleads. Null for a layer.</param>
public sealed record PartEffect(int Layer, int? Head, double Score, double? Margin, double? AttentionOnQuestion);

/// <summary>Every head and every layer taken away in turn.</summary>
public sealed class AblationReport
{
    /// <summary>What it can show.</summary>
    public const string Note =
        "Ablation shows what the score needs as the model is: a part that others can stand in for looks idle, and a part taken away puts the rest into states it was not trained for.";

    private AblationReport(
        InspectedTarget target,
        double score,
        double? margin,
        IReadOnlyList<PartEffect> heads,
        IReadOnlyList<PartEffect> layers
    ) => (Target, Score, Margin, Heads, Layers) = (target, score, margin, heads, layers);

    /// <summary>What is looked at.</summary>
    public InspectedTarget Target { get; }

    /// <summary>Its score with all parts.</summary>
    public double Score { get; }

    /// <summary>How far it is above the score of no answer; null where it is that itself.</summary>
    public double? Margin { get; }

    /// <summary>The heads, layer by layer.</summary>
    public IReadOnlyList<PartEffect> Heads { get; }

    /// <summary>The layers.</summary>
    public IReadOnlyList<PartEffect> Layers { get; }

    /// <summary>Takes them away.</summary>
    /// <param name="model">The model.</param>
    /// <param name="target">The window and what is looked at.</param>
    /// <param name="ablation">How.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="layers">Which layers.</param>
    /// <param name="heads">Which heads of them; a layer that has no such head is passed over.</param>
    /// <param name="cancellation">Looked at before every layer.</param>
    public static AblationReport Of(
        BertForQuestionAnswering model,
        InspectedTarget target,
        Ablation ablation,
        Device device,
        IReadOnlyList<int> layers,
        IReadOnlyList<int> heads,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(ablation);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(heads);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var input = target.Window.ToInput(device);
        var score = target.Span is { } span ? LogitTarget.Span(span) : LogitTarget.Null;
        var margin = target.Span is { } answer ? LogitTarget.Margin(answer) : null;
        var output = model.Forward(input);
        double Of(LogitTarget which, QuestionAnsweringOutput logits) =>
            which.Of(logits.StartLogits, logits.EndLogits).to(ScalarType.Float64).item<double>();
        var (all, allMargin) = (Of(score, output), margin is null ? (double?)null : Of(margin, output));
        var looks = OnQuestion(model, target, layers);
        return new AblationReport(
            target,
            all,
            allMargin,
            [
                .. layers.SelectMany(
                    (layer, i) =>
                    {
                        cancellation.ThrowIfCancellationRequested();
                        int[] there = [.. heads.Where(head => head < model.Config.HeadCount(layer))]; // layers of a pruned model have unequal numbers
                        if (there.Length == 0)
                            return [];
                        using var without = ablation.WithoutEachHead(input, layer);
                        var scores = Values(score, without);
                        var margins = margin is null ? null : Values(margin, without);
                        return there.Select(head => new PartEffect(
                            layer,
                            head,
                            scores[head] - all,
                            margins?[head] - allMargin,
                            looks[i][head]
                        ));
                    }
                ),
            ],
            [
                .. layers.Select(layer =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    using var without = ablation.WithoutLayer(input, layer);
                    return new PartEffect(
                        layer,
                        null,
                        Of(score, without) - all,
                        margin is null ? null : Of(margin, without) - allMargin,
                        null
                    );
                }),
            ]
        );
    }

    private static double[] Values(LogitTarget target, QuestionAnsweringOutput output) =>
        [.. target.Of(output.StartLogits, output.EndLogits).to(ScalarType.Float64).cpu().data<double>()];

    // [layers][heads]: the share of the question in what the target's tokens look at.
    private static List<double[]> OnQuestion(BertForQuestionAnswering model, InspectedTarget target, IReadOnlyList<int> layers)
    {
        using var recording = AttentionRecording.Of(model, target.Window, layers);
        var groups = target.Window.Groups(target.Span);
        bool[] question = [.. groups.Select(group => group == TokenGroup.Question)];
        using var keys = tensor(question);
        return
        [
            .. layers.Select(layer =>
            {
                using var scope = NewDisposeScope();
                var queries = recording.Probabilities(layer).narrow(2, target.Tokens.First, target.Tokens.Length).cpu(); // [1, heads, a, S]
                var mass = queries.masked_fill(keys.logical_not(), 0).sum(-1).mean([2L]); // [1, heads]
                return mass.to(ScalarType.Float64).flatten().data<double>().ToArray();
            }),
        ];
    }
}
