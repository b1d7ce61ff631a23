using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection;

/// <summary>The reference values of looking inside the small model.</summary>
internal static class InspectionGolden
{
    public const string Tensors = "model/tiny/inspection.safetensors";

    /// <summary>For ablation, patching and the span lens (README of the reference values).</summary>
    public const double Tolerance = 2e-5;

    /// <summary>The answer's tokens in <c>input</c>, as the reference's values are scored.</summary>
    public const int Start = 6,
        End = 8;

    public static GoldenTensors Require() => GoldenTensors.Require(Tensors);

    /// <summary>The corrupted window of the patching values.</summary>
    public static BertInput Corrupted(GoldenTensors golden) => golden.Input("input") with { InputIds = golden["input/corrupted_ids"] };

    /// <summary>One window of a batch.</summary>
    public static BertInput Row(BertInput input, int row) =>
        new()
        {
            InputIds = input.InputIds!.narrow(0, row, 1),
            TokenTypeIds = input.TokenTypeIds!.narrow(0, row, 1),
            AttentionMask = input.AttentionMask!.narrow(0, row, 1),
        };

    public static Tensor Logits(IEnumerable<Tensor> rows) => stack([.. rows]);
}
