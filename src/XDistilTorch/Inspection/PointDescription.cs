using System.Globalization;
using XDistilTorch.Modeling;

namespace XDistilTorch.Inspection;

/// <summary>What a point of the model is: its shape, its formula, and where Hugging Face's transformers have it.</summary>
/// <param name="Point">The point.</param>
/// <param name="Name">Its name, such as <c>layer.3.Query</c>.</param>
/// <param name="Shape">B windows, S tokens, H hidden units, D = H / heads.</param>
/// <param name="Formula">How it follows from the points before it.</param>
/// <param name="HuggingFace">The module whose output it is in Python, or the field of the output; a module's path below <c>BertForQuestionAnswering</c>.</param>
public sealed record PointDescription(Point Point, string Name, string Shape, string Formula, string HuggingFace)
{
    /// <summary>All points of a model of that many layers, in the order in which a forward pass meets them.</summary>
    public static IEnumerable<PointDescription> All(int layers) => Point.All(layers).Select(Of);

    /// <summary>The description of one point.</summary>
    public static PointDescription Of(Point point)
    {
        var (shape, formula, place) = Text(point.Kind);
        var layer = point.Layer.ToString(CultureInfo.InvariantCulture);
        return new PointDescription(
            point,
            point.ToString(),
            shape,
            formula.Replace("{l}", layer, StringComparison.Ordinal),
            place
                .Replace("{l+1}", (point.Layer + 1).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{l}", layer, StringComparison.Ordinal)
        );
    }

    private static (string Shape, string Formula, string HuggingFace) Text(PointKind kind) =>
        kind switch
        {
            PointKind.Embeddings => ("[B, S, H]", "x = dropout(LayerNorm(words + types + positions))", "bert.embeddings; hidden_states[0]"),
            PointKind.Query => ("[B, heads, S, D]", "q = x W_q + b_q, split into heads", "bert.encoder.layer.{l}.attention.self.query"),
            PointKind.Key => ("[B, heads, S, D]", "k = x W_k + b_k, split into heads", "bert.encoder.layer.{l}.attention.self.key"),
            PointKind.Value => ("[B, heads, S, D]", "v = x W_v + b_v, split into heads", "bert.encoder.layer.{l}.attention.self.value"),
            PointKind.AttentionScores => ("[B, heads, S, S]", "z = q k^T / sqrt(D) + mask", "-"),
            PointKind.AttentionProbabilities => ("[B, heads, S, S]", "A = softmax(z) over keys", "attentions[{l}]"),
            PointKind.AttentionContext => ("[B, heads, S, D]", "c = A v", "bert.encoder.layer.{l}.attention.self, heads side by side"),
            PointKind.AttentionOutput => ("[B, S, H]", "o = c W_o + b_o", "bert.encoder.layer.{l}.attention.output.dense"),
            PointKind.AttentionLayerNorm => ("[B, S, H]", "y = LayerNorm(dropout(o) + x)", "bert.encoder.layer.{l}.attention.output"),
            PointKind.Intermediate => ("[B, S, I]", "g = gelu(y W_1 + b_1)", "bert.encoder.layer.{l}.intermediate"),
            PointKind.MlpOutput => ("[B, S, H]", "m = g W_2 + b_2", "bert.encoder.layer.{l}.output.dense"),
            PointKind.OutputLayerNorm => ("[B, S, H]", "LayerNorm(dropout(m) + y)", "bert.encoder.layer.{l}.output.LayerNorm"),
            PointKind.LayerOutput => (
                "[B, S, H]",
                "the layer's output, x of the next: that LayerNorm, or a replaced layer's own",
                "bert.encoder.layer.{l}; hidden_states[{l+1}]"
            ),
            PointKind.Logits => ("[B, S, 2]", "start and end logits: x W + b", "qa_outputs; start_logits, end_logits"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "there is no such point."),
        };
}
