using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Bench;

/// <summary>What looking inside costs, in forward passes of the same window: attentions of all layers recorded, and integrated gradients with 50 steps.</summary>
internal static class InspectionBench
{
    private const int Length = 384,
        Steps = 50,
        Mask = 103; // [MASK]

    public static void Run(int rounds, string modelFolder)
    {
        using var model = BertForQuestionAnswering.FromPretrained(modelFolder);
        model.eval();
        var window = InventedWindows.OfLength(Length, 1);
        using var scope = NewDisposeScope();
        var input = new BertInput
        {
            InputIds = tensor(window.Ids).unsqueeze(0), // [1, S]
            TokenTypeIds = tensor(window.TypeIds).unsqueeze(0),
        };
        using var _ = no_grad();
        var forward = () => model.Forward(input).Dispose();
        var recorded = Interleaved.Run(rounds, forward, () => model.Forward(input with { OutputAttentions = true }).Dispose());
        Console.WriteLine($"1 x {Length} tokens, in plain forward passes");
        Console.WriteLine($"attentions of all layers recorded: {Interleaved.Show(Interleaved.Ratio(recorded[1], recorded[0]))}");

        int[] baseline = [.. Enumerable.Repeat(Mask, Length)];
        var rule = QuadratureRule.GaussLegendre(Steps);
        var gradients = Interleaved.Run(
            Math.Max(1, rounds / 4),
            forward,
            () => IntegratedGradients.Of(model, input, LogitTarget.Null, baseline, rule: rule)
        );
        Console.WriteLine(
            $"integrated gradients with {Steps} steps: {Interleaved.Show(Interleaved.Ratio(gradients[1], gradients[0]), "0")}"
        );
    }
}
