using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection;

/// <summary>What the question-answering head reads from one hidden state.</summary>
/// <param name="Layer">0: the embeddings' output; l: after l layers.</param>
/// <param name="Start">Start logits, S of them.</param>
/// <param name="End">End logits, S of them.</param>
public sealed record LensLayer(int Layer, float[] Start, float[] End)
{
    /// <summary>The score of no answer.</summary>
    public double Null => (double)Start[0] + End[0];

    /// <summary>The score of a span.</summary>
    public double Score(TokenSpan span) => SpanScores.Of(Start, End, span);

    /// <summary>The best spans of the context, best first; of equals the earlier one.</summary>
    /// <param name="context">Where spans may be.</param>
    /// <param name="count">How many.</param>
    /// <param name="longest">The longest, in tokens.</param>
    public IReadOnlyList<TokenSpan> Best(TokenSpan context, int count, int longest = 30) =>
        SpanScores.Best(Start, End, context, longest, count);

    /// <summary>How many spans of the context score higher.</summary>
    public int Rank(TokenSpan span, TokenSpan context, int longest = 30) =>
        Score(span) is var score ? SpanScores.All(context, longest).Count(other => Score(other) > score) : 0;
}

/// <summary>
/// The span lens: the final question-answering head on every layer's hidden state, so that one sees from which layer on the answer is there. The head was trained for the
/// last layer only: what it does not find in an earlier one may be there in another form.
/// </summary>
public static class SpanLens
{
    /// <summary>Reads every layer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">One window, [1, S].</param>
    /// <returns>Layers 0 to L; the last one has the model's own logits.</returns>
    public static IReadOnlyList<LensLayer> Run(BertForQuestionAnswering model, BertInput input)
    {
        ArgumentNullException.ThrowIfNull(model);
        var layers = model.Config.NumHiddenLayers;
        Point[] states = [Point.Embeddings, .. Enumerable.Range(0, layers).Select(Point.LayerOutput)];
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var context = new ForwardContext().Record(states);
        model.Forward(input, context);
        return [.. states.Select((state, layer) => Read(model.QaOutputs.call(context[state]), layer))];
    }

    /// <summary>The layer from which on a span is the best of all, no answer included; null where it is not the best in the last.</summary>
    public static int? SettledAt(IReadOnlyList<LensLayer> layers, TokenSpan span, TokenSpan context, int longest = 30)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var settled = layers.Count;
        while (
            settled > 0
            && layers[settled - 1].Rank(span, context, longest) == 0
            && layers[settled - 1].Score(span) > layers[settled - 1].Null
        )
            settled--;
        return settled == layers.Count ? null : layers[settled].Layer;
    }

    private static LensLayer Read(Tensor logits, int layer)
    {
        var both = logits.to(ScalarType.Float32).cpu(); // [1, S, 2]
        return new LensLayer(
            layer,
            both.select(2, 0).contiguous().data<float>().ToArray(),
            both.select(2, 1).contiguous().data<float>().ToArray()
        );
    }
}
