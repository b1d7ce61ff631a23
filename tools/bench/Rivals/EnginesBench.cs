using System.Text.Json;
using TorchSharp;
using XDistilTorch.Engines;
using XDistilTorch.Modeling;
using XDistilTorch.Windows;

namespace XDistilTorch.Bench.Rivals;

/// <summary>
/// Our engines and ONNX Runtime over the same weights, windows and number of threads, in turns within one run: tokens a second, and how often as fast as ONNX Runtime
/// in its best feeding ours are.
/// </summary>
internal static class EnginesBench
{
    private static readonly (string Name, int[] Lengths)[] Streams =
    [
        ("1 x 32", [32]),
        ("1 x 128", [128]),
        ("1 x 384", [384]),
        ("8 x 384", [.. Enumerable.Repeat(384, 8)]),
        ("32 x 128", [.. Enumerable.Repeat(128, 32)]),
        ("mixed", InventedWindows.MixedLengths()),
    ];

    public static void Run(int rounds, int threads, string modelFolder, string? keep, string? json, string? only, bool ours)
    {
        torch.set_num_threads(threads);
        Console.WriteLine($"{threads} threads each; tokens/s, median (least-most)");
        using var model = BertForQuestionAnswering.FromPretrained(modelFolder);
        using var graphs = ours ? null : new RivalGraphs(model, keep);
        List<IRival> exact = graphs is null ? [] : [.. OnnxRuntimeRival.InAllFeedings(graphs.Fused, "fp32", threads)],
            quantized = graphs is null ? [] : [.. OnnxRuntimeRival.InAllFeedings(graphs.FusedInt8, "int8", threads)];
        var eager = new OurEngine("eager", new EagerEngine(model, torch.CPU), threads);
        using OurEngine packed = new("packed", new SnapshotEngine(model, workers: threads), threads),
            int8 = new("int8", new SnapshotEngine(model, quantized: true, workers: threads), threads);
        List<Row> rows = [];
        try
        {
            foreach (var (name, lengths) in Streams.Where(stream => only is null || only == stream.Name))
            {
                rows.Add(
                    Measure(
                        rounds,
                        name,
                        [.. lengths.Select((length, i) => InventedWindows.OfLength(length, i))],
                        [eager, packed, int8, .. exact, .. quantized]
                    )
                );
                Print(rows[^1]);
            }
        }
        finally
        {
            exact.Concat(quantized).ToList().ForEach(rival => rival.Dispose());
        }
        Console.WriteLine($"fp32 logits differ by at most {rows.Max(row => row.Difference):0.0e0}");
        if (json is not null)
            File.WriteAllText(
                json,
                JsonSerializer.Serialize(
                    new
                    {
                        machine = Machine.Describe(),
                        threads,
                        rounds,
                        rows,
                    }
                )
            );
    }

    private sealed record Row(string Stream, double Difference, IReadOnlyDictionary<string, double[]> TokensPerSecond)
    {
        /// <summary>How often as fast as the best feeding of a rival, round by round.</summary>
        public double[] Ratio(string ours, string rival)
        {
            var best = TokensPerSecond
                .Where(pair => pair.Key.StartsWith(rival, StringComparison.Ordinal))
                .MaxBy(pair => Interleaved.Median(pair.Value))
                .Value;
            return [.. TokensPerSecond[ours].Zip(best, (own, theirs) => own / theirs)];
        }
    }

    private static Row Measure(int rounds, string name, List<TokenWindow> windows, List<IRival> engines)
    {
        var tokens = windows.Sum(window => window.Length);
        var reference = engines[0].Run(windows);
        var difference = engines
            .Where(e => !e.Name.Contains("int8", StringComparison.Ordinal))
            .Max(e => RivalsBench.LargestDifference(e.Run(windows), reference));
        var repeats = Math.Max(1, 1000 / tokens); // short streams are repeated, or the clock is all that is measured
        var times = Interleaved.Run(
            rounds,
            [
                .. engines.Select(engine =>
                    (Action)(
                        () =>
                        {
                            for (var i = 0; i < repeats; i++)
                                engine.Run(windows);
                        }
                    )
                ),
            ]
        );
        return new Row(
            name,
            difference,
            engines.Index().ToDictionary(e => e.Item.Name, e => times[e.Index].Select(ms => repeats * tokens / ms * 1000).ToArray())
        );
    }

    private static void Print(Row row)
    {
        Console.WriteLine(row.Stream);
        foreach (var (engine, speed) in row.TokensPerSecond)
            Console.WriteLine($"  {engine, -46} {Interleaved.Show(speed, "0")}");
        if (row.TokensPerSecond.Count <= 3)
            return; // ours only
        Console.WriteLine(
            $"  packed over ONNX Runtime fp32, best feeding    {Interleaved.Show(row.Ratio("packed", "ONNX Runtime fp32"), "0.00")}"
        );
        Console.WriteLine(
            $"  int8 over ONNX Runtime int8, best feeding      {Interleaved.Show(row.Ratio("int8", "ONNX Runtime int8"), "0.00")}"
        );
    }
}
