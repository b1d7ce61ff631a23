using System.Diagnostics;
using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;
using XDistilTorch.Native;

namespace XDistilTorch.Bench;

/// <summary>How long loading takes after libtorch is up: the first time in this process, and again.</summary>
internal static class LoadBench
{
    public static void Run(int rounds, string modelFolder)
    {
        var start = Stopwatch.GetTimestamp();
        TorchRuntime.EnsureLoaded();
        var config = BertConfig.FromFile(Path.Combine(modelFolder, "config.json"));
        var weights = new double[rounds + 1];
        var whole = new double[rounds + 1];
        for (var i = 0; i <= rounds; i++)
        {
            start = Stopwatch.GetTimestamp();
            BertForQuestionAnswering.FromPretrained(modelFolder).Dispose();
            whole[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

            using var model = new BertForQuestionAnswering(config);
            using var checkpoint = Checkpoint.Open(modelFolder);
            start = Stopwatch.GetTimestamp();
            CheckpointLoader.Load(model, checkpoint);
            weights[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        Console.WriteLine($"model from its folder: first {whole[0]:0} ms, then {Interleaved.Show(whole[1..], "0")} ms");
        Console.WriteLine($"of which weights into existing parameters: {Interleaved.Show(weights[1..], "0")} ms");
    }
}
