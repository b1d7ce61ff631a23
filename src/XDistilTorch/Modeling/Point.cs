using System.Globalization;

namespace XDistilTorch.Modeling;

/// <summary>Which activation a <see cref="Point"/> names. Shapes: B windows, S tokens, H hidden units, D = H / heads before pruning; a head's number is its place among those that its layer has.</summary>
public enum PointKind
{
    /// <summary>Output of the embeddings after LayerNorm and dropout, [B, S, H]; hidden state 0 of the reference.</summary>
    Embeddings,

    /// <summary>Queries split into heads, [B, heads, S, D].</summary>
    Query,

    /// <summary>Keys split into heads, [B, heads, S, D].</summary>
    Key,

    /// <summary>Values split into heads, [B, heads, S, D].</summary>
    Value,

    /// <summary>Scaled and masked scores before softmax, [B, heads, S queries, S keys].</summary>
    AttentionScores,

    /// <summary>Attention probabilities before dropout, [B, heads, S queries, S keys].</summary>
    AttentionProbabilities,

    /// <summary>Context vectors of the heads: probabilities times values, [B, heads, S, D].</summary>
    AttentionContext,

    /// <summary>Output of <c>attention.output.dense</c> before dropout and residual, [B, S, H].</summary>
    AttentionOutput,

    /// <summary>Output of <c>attention.output.LayerNorm</c>, [B, S, H].</summary>
    AttentionLayerNorm,

    /// <summary>Output of the activation function of the MLP, [B, S, intermediate].</summary>
    Intermediate,

    /// <summary>Output of the MLP's <c>output.dense</c> before dropout and residual, [B, S, H].</summary>
    MlpOutput,

    /// <summary>Output of <c>output.LayerNorm</c>, [B, S, H].</summary>
    OutputLayerNorm,

    /// <summary>Output of the layer, [B, S, H]; hidden state layer + 1 of the reference.</summary>
    LayerOutput,

    /// <summary>Start and end logits, [B, S, 2].</summary>
    Logits,
}

/// <summary>A named activation of the model: what a <see cref="ForwardContext"/> may look at or replace.</summary>
/// <param name="Kind">Which activation.</param>
/// <param name="Layer">The encoder layer, counted from 0; -1 for the two points outside the encoder.</param>
public readonly record struct Point(PointKind Kind, int Layer)
{
    /// <inheritdoc cref="PointKind.Embeddings"/>
    public static Point Embeddings => new(PointKind.Embeddings, -1);

    /// <inheritdoc cref="PointKind.Logits"/>
    public static Point Logits => new(PointKind.Logits, -1);

    /// <inheritdoc cref="PointKind.Query"/>
    public static Point Query(int layer) => new(PointKind.Query, layer);

    /// <inheritdoc cref="PointKind.Key"/>
    public static Point Key(int layer) => new(PointKind.Key, layer);

    /// <inheritdoc cref="PointKind.Value"/>
    public static Point Value(int layer) => new(PointKind.Value, layer);

    /// <inheritdoc cref="PointKind.AttentionScores"/>
    public static Point AttentionScores(int layer) => new(PointKind.AttentionScores, layer);

    /// <inheritdoc cref="PointKind.AttentionProbabilities"/>
    public static Point AttentionProbabilities(int layer) => new(PointKind.AttentionProbabilities, layer);

    /// <inheritdoc cref="PointKind.AttentionContext"/>
    public static Point AttentionContext(int layer) => new(PointKind.AttentionContext, layer);

    /// <inheritdoc cref="PointKind.AttentionOutput"/>
    public static Point AttentionOutput(int layer) => new(PointKind.AttentionOutput, layer);

    /// <inheritdoc cref="PointKind.AttentionLayerNorm"/>
    public static Point AttentionLayerNorm(int layer) => new(PointKind.AttentionLayerNorm, layer);

    /// <inheritdoc cref="PointKind.Intermediate"/>
    public static Point Intermediate(int layer) => new(PointKind.Intermediate, layer);

    /// <inheritdoc cref="PointKind.MlpOutput"/>
    public static Point MlpOutput(int layer) => new(PointKind.MlpOutput, layer);

    /// <inheritdoc cref="PointKind.OutputLayerNorm"/>
    public static Point OutputLayerNorm(int layer) => new(PointKind.OutputLayerNorm, layer);

    /// <inheritdoc cref="PointKind.LayerOutput"/>
    public static Point LayerOutput(int layer) => new(PointKind.LayerOutput, layer);

    /// <summary>Every point of a model of that many layers, in the order in which a forward pass meets them.</summary>
    public static IEnumerable<Point> All(int layers)
    {
        yield return Embeddings;
        for (var layer = 0; layer < layers; layer++)
        for (var kind = PointKind.Query; kind <= PointKind.LayerOutput; kind++)
            yield return new Point(kind, layer);
        yield return Logits;
    }

    /// <summary>The point's name, such as <c>layer.3.AttentionProbabilities</c> or <c>Embeddings</c>.</summary>
    public override string ToString() => Layer < 0 ? Kind.ToString() : string.Create(CultureInfo.InvariantCulture, $"layer.{Layer}.{Kind}");
}
