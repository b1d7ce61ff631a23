using XDistilTorch.Engines.Packed;
using XDistilTorch.Modeling;

namespace XDistilTorch.Bench;

/// <summary>What an engine does once, when it first sees a model: taking its weights in fp32, and in int8.</summary>
internal static class QuantiseBench
{
    public static void Run(int rounds, string modelFolder)
    {
        using var model = BertForQuestionAnswering.FromPretrained(modelFolder);
        var times = Interleaved.Run(rounds, () => Take(model, Arithmetic.Floats), () => Take(model, Int8Support.Arithmetic));
        Console.WriteLine(
            $"packing the weights: {Interleaved.Show(times[0], "0")} ms; quantising and packing them: {Interleaved.Show(times[1], "0")} ms"
        );
    }

    private static void Take(BertForQuestionAnswering model, Arithmetic arithmetic)
    {
        using var watched = new WatchedTree(model);
        SnapshotMaker.Make(watched.Parts.Numbers(), model.Config, arithmetic).Dispose();
    }
}
