using TorchSharp.Modules;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection;

/// <summary>W_o of a layer, found by walking the tree, whose parts somebody may have replaced.</summary>
internal static class OutputProjection
{
    /// <summary>The weight of <c>attention.output.dense</c>, [H, heads * D]; it stays the model's.</summary>
    /// <exception cref="InspectionException">There is no such layer, or no linear projection in its place.</exception>
    public static Tensor Weight(BertForQuestionAnswering model, int layer)
    {
        ArgumentNullException.ThrowIfNull(model);
        InspectedPart.Check(layer, model.Config.NumHiddenLayers, "layer");
        return
            model.Bert is BertModel { Encoder: BertEncoder encoder }
            && encoder.Layer[layer] is BertLayer { Attention: BertAttention { Output: ResidualOutput { Dense: Linear dense } } }
            ? dense.weight
            : throw new InspectionException(
                $"layer {layer}: attention.output.dense or a part around it was replaced, expected the linear projection that the measure reads."
            );
    }
}
