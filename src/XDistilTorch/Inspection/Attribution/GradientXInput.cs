using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Attribution;

/// <summary>Gradient x input: each token's vector times the target's gradient by it, summed over the features.</summary>
public static class GradientXInput
{
    /// <summary>What reports call it.</summary>
    public const string Name = "gradient x input";

    /// <summary>What it can and cannot show.</summary>
    public const string Shows =
        "the slope at this very text, from one pass: quick, but blind to a token whose effect is saturated, and its sum has no meaning.";

    /// <summary>One forward and one backward pass.</summary>
    /// <param name="model">The model, in evaluation mode. Its parameters keep the gradients they have; see the remarks.</param>
    /// <param name="input">One window, [1, S].</param>
    /// <param name="target">What is explained.</param>
    /// <param name="at">Which vectors; the default is <see cref="AttributionPlace.Words"/>.</param>
    /// <remarks>
    /// Meanwhile the parameters want no gradient, and do again afterwards. Attributions of one model on several threads wait for one another; forward passes
    /// elsewhere are not disturbed, but the model may not be trained at the same time.
    /// </remarks>
    /// <exception cref="InspectionException">The model is in training mode, has no such layer, or the window no such token.</exception>
    /// <exception cref="ArgumentException">The input is not one window of ids, or does not fit the model.</exception>
    public static TokenAttribution Of(BertForQuestionAnswering model, BertInput input, LogitTarget target, AttributionPlace at = default)
    {
        AttributionDoor.Check(model, input);
        using var scope = NewDisposeScope();
        using var rest = new ParametersAtRest(model);
        var function = new TargetFunction(model, input, target, at);
        var vectors = function.VectorsOf(input.InputIds!);
        var (gradient, values) = function.Gradient(vectors);
        var perToken = vectors.mul(gradient).sum(-1).squeeze(0); // [1, S, H] -> [S]
        return new TokenAttribution(Name, target, perToken.to(ScalarType.Float64).cpu().data<double>().ToArray(), values[0], null);
    }
}
