using System.Globalization;
using XDistilTorch.Modeling;

namespace XDistilTorch.Inspection.Attribution;

/// <summary>At which vectors of the tokens gradients are taken: the word vectors alone, the embeddings' output, or a layer's.</summary>
public readonly record struct AttributionPlace
{
    private AttributionPlace(Point point) => ModelPoint = point;

    /// <summary>Word vectors, before token types and positions are added; only they move towards a baseline.</summary>
    public static AttributionPlace Words => default;

    /// <summary>Output of the embeddings, after LayerNorm.</summary>
    public static AttributionPlace Embeddings { get; } = new(Point.Embeddings);

    /// <summary>Output of a layer, counted from 0. Its vectors hold what attention has mixed: they stand at a token, and no longer for it alone.</summary>
    public static AttributionPlace Layer(int layer) => new(Point.LayerOutput(layer));

    /// <summary>The point of the model; null for word vectors, which come in with the input.</summary>
    internal Point? ModelPoint { get; }

    /// <summary><c>words</c>, <c>embeddings</c> or <c>layer 3</c>.</summary>
    public override string ToString() =>
        ModelPoint is not { } at ? "words"
        : at.Layer < 0 ? "embeddings"
        : string.Create(CultureInfo.InvariantCulture, $"layer {at.Layer}");

    /// <exception cref="InspectionException">The model has no such layer.</exception>
    internal void Check(BertConfig config)
    {
        if (ModelPoint is { Kind: PointKind.LayerOutput } at)
            InspectedPart.Check(at.Layer, config.NumHiddenLayers, "layer");
    }
}
