using TorchSharp.Modules;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Attribution;

/// <summary>The parts of a layer that direct attribution goes through.</summary>
/// <param name="Number">The layer's number.</param>
/// <param name="Dense"><c>attention.output.dense</c>.</param>
/// <param name="AttentionNorm"><c>attention.output.LayerNorm</c>.</param>
/// <param name="OutputNorm"><c>output.LayerNorm</c>.</param>
internal sealed record DirectLayer(int Number, Linear Dense, LayerNorm AttentionNorm, LayerNorm OutputNorm)
{
    /// <exception cref="InspectionException">A part was replaced.</exception>
    public static DirectLayer Of(nn.Module layer, int number)
    {
        var path = $"bert.encoder.layer.{number}";
        var own = OriginalParts.Of<BertLayer>(layer, path);
        var attention = OriginalParts.Of<BertAttention>(own.Attention, $"{path}.attention");
        OriginalParts.Of<SelfAttention>(attention.Self, $"{path}.attention.self");
        var attended = OriginalParts.Of<ResidualOutput>(attention.Output, $"{path}.attention.output");
        var output = OriginalParts.Of<ResidualOutput>(own.Output, $"{path}.output");
        return new DirectLayer(
            number,
            OriginalParts.Of<Linear>(attended.Dense, $"{path}.attention.output.dense"),
            OriginalParts.Of<LayerNorm>(attended.LayerNorm, $"{path}.attention.output.LayerNorm"),
            OriginalParts.Of<LayerNorm>(output.LayerNorm, $"{path}.output.LayerNorm")
        );
    }

    /// <summary>Where the residual stream comes in.</summary>
    public Point Input => Number == 0 ? Point.Embeddings : Point.LayerOutput(Number - 1);

    /// <summary>What must be recorded.</summary>
    public IEnumerable<Point> Points =>
        [
            Point.AttentionProbabilities(Number),
            Point.Value(Number),
            Point.AttentionOutput(Number),
            Point.AttentionLayerNorm(Number),
            Point.MlpOutput(Number),
            Point.LayerOutput(Number),
        ];
}
