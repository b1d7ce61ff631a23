using TorchSharp.Modules;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Attribution;

/// <summary>
/// Direct attribution: every LayerNorm with its variance frozen at the recorded value is affine, so the target is a sum of what each component wrote to the
/// residual stream at the target's tokens.
/// </summary>
public static class DirectAttribution
{
    /// <summary>What reports call it.</summary>
    public const string Name = "direct attribution";

    /// <summary>What it can and cannot show.</summary>
    public const string Shows =
        "what each part writes straight into the score, an exact sum; not what it does by way of later parts, and tokens stand for what they hold by then.";

    /// <summary>One forward pass, and one way back along the stream.</summary>
    /// <param name="model">The model, in evaluation mode, its attention, LayerNorms and head the original ones.</param>
    /// <param name="input">One window, [1, S].</param>
    /// <param name="target">What is explained.</param>
    /// <exception cref="InspectionException">The model is in training mode, a part was replaced, or the window has no such token.</exception>
    /// <exception cref="ArgumentException">The input is not one window of ids, or does not fit the model.</exception>
    public static DirectTerms Of(BertForQuestionAnswering model, BertInput input, LogitTarget target)
    {
        var length = AttributionDoor.Check(model, input);
        ArgumentNullException.ThrowIfNull(target);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var encoder = OriginalParts.Of<BertEncoder>(OriginalParts.Of<BertModel>(model.Bert, "bert").Encoder, "bert.encoder");
        DirectLayer[] layers =
        [
            .. Enumerable.Range(0, encoder.Layer.Count).Select(number => DirectLayer.Of(encoder.Layer[number], number)),
        ];
        var head = OriginalParts.Of<Linear>(model.QaOutputs, "qa_outputs");

        using var context = new ForwardContext().Record(Point.Embeddings).Record(layers.SelectMany(layer => layer.Points));
        using var output = model.Forward(input, context);
        var value = target.Of(output.StartLogits, output.EndLogits).to(ScalarType.Float64).item<double>();

        var stream = new ResidualStream(context, target, length, head, model.Config.LayerNormEps);
        var (heads, mlps) = (new double[layers.Length][], new double[layers.Length]);
        for (var number = layers.Length - 1; number >= 0; number--)
        {
            mlps[number] = stream.ThroughMlp(layers[number]);
            heads[number] = stream.ThroughAttention(layers[number]);
        }
        var embeddings = stream.AtEmbeddings();
        return new DirectTerms(target, value, embeddings, heads, mlps, stream.Biases, stream.PerToken());
    }
}
