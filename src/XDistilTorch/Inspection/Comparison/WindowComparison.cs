using XDistilTorch.Engines;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Comparison;

/// <summary>Two models of one vocabulary on the same window.</summary>
/// <param name="Similarity">[layers + 1], <see cref="HiddenSimilarity"/>; the first is of the embeddings' output.</param>
/// <param name="Divergence">[layers][heads], <see cref="AttentionDivergence"/>.</param>
public sealed record WindowComparison(IReadOnlyList<double> Similarity, IReadOnlyList<double[]> Divergence)
{
    /// <summary>Compares; both models are of the same shape.</summary>
    /// <param name="one">A model.</param>
    /// <param name="other">Another, on the same device.</param>
    /// <param name="window">The window.</param>
    /// <param name="device">Where the models are.</param>
    /// <exception cref="InspectionException">The models are of other shapes.</exception>
    public static WindowComparison Of(
        BertForQuestionAnswering one,
        BertForQuestionAnswering other,
        InspectedWindow window,
        Device device
    ) => Of(one, other, window, device, out _, out _);

    /// <summary>The same, with the logits that the two passes end in.</summary>
    internal static WindowComparison Of(
        BertForQuestionAnswering one,
        BertForQuestionAnswering other,
        InspectedWindow window,
        Device device,
        out WindowLogits logits,
        out WindowLogits otherLogits
    )
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(window);
        var layers = one.Config.NumHiddenLayers;
        if (other.Config.NumHiddenLayers != layers)
            throw new InspectionException(
                $"the models have {layers} and {other.Config.NumHiddenLayers} layers; expected as many, so that layers compare."
            );
        Point[] states = [Point.Embeddings, .. Enumerable.Range(0, layers).Select(Point.LayerOutput)];
        Point[] attentions = [.. Enumerable.Range(0, layers).Select(Point.AttentionProbabilities)];
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var here = new ForwardContext().Record(states.Concat(attentions));
        using var there = new ForwardContext().Record(states.Concat(attentions));
        var input = window.ToInput(device);
        logits = Logits(one.Forward(input, here));
        otherLogits = Logits(other.Forward(input, there));
        return new WindowComparison(
            [.. states.Select(state => HiddenSimilarity.Of(here[state], there[state], window.ContextTokens))],
            [.. attentions.Select(attention => AttentionDivergence.Of(here[attention], there[attention]))]
        );
    }

    private static WindowLogits Logits(QuestionAnsweringOutput output) => new(ToArray(output.StartLogits), ToArray(output.EndLogits));

    private static float[] ToArray(Tensor logits) => logits.to(ScalarType.Float32).cpu().data<float>().ToArray(); // [1, S]

    /// <summary>The mean over windows.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static WindowComparison Mean(IReadOnlyList<WindowComparison> windows)
    {
        ArgumentNullException.ThrowIfNull(windows);
        if (windows.Count == 0)
            throw new ArgumentException("there is no window.", nameof(windows));
        return new WindowComparison(
            [.. windows[0].Similarity.Select((_, layer) => windows.Average(window => window.Similarity[layer]))],
            [
                .. windows[0]
                    .Divergence.Select(
                        (heads, layer) => heads.Select((_, head) => windows.Average(window => window.Divergence[layer][head])).ToArray()
                    ),
            ]
        );
    }
}
