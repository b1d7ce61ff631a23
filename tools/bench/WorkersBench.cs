using XDistilTorch.Engines;
using XDistilTorch.Modeling;
using XDistilTorch.Windows;

namespace XDistilTorch.Bench;

/// <summary>What more workers bring: the mixed stream by one, and by one for each core, in turns.</summary>
internal static class WorkersBench
{
    public static void Run(int rounds, string modelFolder)
    {
        using var model = BertForQuestionAnswering.FromPretrained(modelFolder);
        List<TokenWindow> windows = [.. InventedWindows.MixedLengths().Select(InventedWindows.OfLength)];
        foreach (var quantized in new[] { false, true })
        {
            using SnapshotEngine one = new(model, quantized, workers: 1),
                all = new(model, quantized);
            var times = Interleaved.Run(rounds, () => one.Run(windows), () => all.Run(windows));
            Console.WriteLine(
                $"{(quantized ? "int8" : "packed")}: 1 -> {Environment.ProcessorCount} workers {Interleaved.Show(Interleaved.Ratio(times[0], times[1]), "0.000")}"
            );
        }
    }
}
