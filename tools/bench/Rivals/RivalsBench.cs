using XDistilTorch.Data;
using XDistilTorch.Engines;
using XDistilTorch.Modeling;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;
using static TorchSharp.torch;

namespace XDistilTorch.Bench.Rivals;

/// <summary>ONNX Runtime over our weights: how far its logits are from ours, and which graph and feeding is its best on this machine.</summary>
internal static class RivalsBench
{
    private const int Windows = 16;

    public static void Run(int rounds, string modelFolder, string? keep)
    {
        using var model = BertForQuestionAnswering.FromPretrained(modelFolder);
        var windows = MixedWindows(BertTokenizer.FromPretrained(modelFolder));
        var ours = new EagerEngine(model, CPU).Run(windows);
        using var graphs = new RivalGraphs(model, keep);
        var threads = Environment.ProcessorCount;
        List<IRival> rivals =
        [
            new OnnxRuntimeRival(graphs.Plain, "plain fp32", OnnxRuntimeFeeding.OneWindow, threads),
            .. OnnxRuntimeRival.InAllFeedings(graphs.Fused, "fused fp32", threads),
            new OnnxRuntimeRival(graphs.PlainInt8, "plain int8", OnnxRuntimeFeeding.OneWindow, threads),
            .. OnnxRuntimeRival.InAllFeedings(graphs.FusedInt8, "fused int8", threads),
        ];
        try
        {
            Measure(rounds, rivals, windows, ours);
        }
        finally
        {
            rivals.ForEach(rival => rival.Dispose());
        }
    }

    private static void Measure(int rounds, List<IRival> rivals, List<TokenWindow> windows, IReadOnlyList<WindowLogits> ours)
    {
        var tokens = windows.Sum(window => window.Length);
        Console.WriteLine(
            $"{windows.Count} windows of {(double)tokens / windows.Count:0} tokens in the mean; int8 weights of {(RivalGraphs.ReduceRange ? 7 : 8)} bits"
        );
        Console.WriteLine($"{"rival", -50} | largest difference of a logit from ours");
        foreach (var rival in rivals)
            Console.WriteLine($"{rival.Name, -50} | {LargestDifference(rival.Run(windows), ours):0.0000}");
        var times = Interleaved.Run(rounds, [.. rivals.Select(rival => (Action)(() => rival.Run(windows)))]);
        Console.WriteLine($"{"rival", -50} | tokens/s");
        for (var i = 0; i < rivals.Count; i++)
        {
            double[] speed = [.. times[i].Select(ms => tokens / ms * 1000)];
            Console.WriteLine($"{rivals[i].Name, -50} | {Interleaved.Show(speed, "0")}");
        }
    }

    /// <summary>The largest difference between two programs' logits of the same windows.</summary>
    public static double LargestDifference(IReadOnlyList<WindowLogits> theirs, IReadOnlyList<WindowLogits> ours) =>
        theirs.Zip(ours).Max(pair => Math.Max(Largest(pair.First.Start, pair.Second.Start), Largest(pair.First.End, pair.Second.End)));

    private static double Largest(float[] a, float[] b) => a.Zip(b, (x, y) => Math.Abs((double)x - y)).Max();

    private static List<TokenWindow> MixedWindows(BertTokenizer tokenizer)
    {
        using var data = new InventedRows(Windows, InventedRows.Mixed);
        return
        [
            .. DataReader
                .Read(data.Path)
                .SelectMany(item => WindowBuilder.Build(tokenizer, item.Row!.Question, item.Row.Context))
                .Take(Windows),
        ];
    }
}
