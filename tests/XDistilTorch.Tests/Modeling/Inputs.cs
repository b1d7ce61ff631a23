using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Modeling;

/// <summary>Made-up windows for models of <see cref="TinyModel.Random"/>.</summary>
internal static class Inputs
{
    public static BertInput Random(int batch, int length, int seed = 7)
    {
        var random = new Random(seed);
        var ids = Enumerable.Range(0, batch * length).Select(_ => (long)random.Next(1, 50)).ToArray();
        var types = Enumerable.Range(0, batch * length).Select(i => i % length < length / 3 ? 0L : 1L).ToArray();
        return new BertInput { InputIds = tensor(ids).view(batch, length), TokenTypeIds = tensor(types).view(batch, length) };
    }

    /// <summary>The start and end logits of one window, computed alone: [2, S].</summary>
    public static Tensor Alone(BertForQuestionAnswering model, BertInput input, int row)
    {
        using var output = model.Forward(
            new BertInput
            {
                InputIds = input.InputIds!.slice(0, row, row + 1, 1),
                TokenTypeIds = input.TokenTypeIds!.slice(0, row, row + 1, 1),
                AttentionMask = input.AttentionMask?.slice(0, row, row + 1, 1),
            }
        );
        return cat([output.StartLogits, output.EndLogits], 0);
    }

    /// <summary>Start and end logits together, [B, 2, S].</summary>
    public static Tensor Logits(this BertForQuestionAnswering model, BertInput input, ForwardContext? context = null)
    {
        using var output = model.Forward(input, context);
        return stack([output.StartLogits, output.EndLogits], 1);
    }
}
