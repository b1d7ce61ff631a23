using System.Text.Json;
using TorchSharp;
using XDistilTorch.Engines;
using XDistilTorch.Modeling;
using XDistilTorch.Windows;

namespace XDistilTorch.Bench.Rivals;

/// <summary>
/// Our engines and ONNX Runtime over the same weights, windows and number of threads, in turns within one run: tokens a second, and how often as fast as ONNX Runtime
/// in its best feeding ours are; with what the machine can do at all, and what our engines cost as a process.
/// </summary>
internal static class EnginesBench
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static readonly IReadOnlyList<(string Name, int[] Lengths)> Streams =
    [
        ("1 x 32", [32]),
        ("1 x 128", [128]),
        ("1 x 384", [384]),
        ("8 x 384", [.. Enumerable.Repeat(384, 8)]),
        ("32 x 128", [.. Enumerable.Repeat(128, 32)]),
        ("mixed", InventedWindows.MixedLengths()),
    ];

    public static void Run(EnginesBenchOptions options, string tool, string modelFolder)
    {
        if (!options.OursOnly)
            ColdStartBench.Require(tool); // now, not after a quarter of an hour
        torch.set_num_threads(options.Threads);
        using var model = BertForQuestionAnswering.FromPretrained(modelFolder);
        using var graphs = options.OursOnly ? null : new RivalGraphs(model, options.Keep);
        List<IRival> engines = [.. Ours(model, options.Threads)];
        List<StreamFigures> figures = [];
        try
        {
            if (graphs is not null)
            {
                engines.AddRange(OnnxRuntimeRival.InAllFeedings(graphs.Fused, "fp32", options.Threads));
                engines.AddRange(OnnxRuntimeRival.InAllFeedings(graphs.FusedInt8, "int8", options.Threads));
            }
            CheckThreads(engines, options.Threads);
            Console.WriteLine(
                $"{options.Threads} threads each; tokens/s, median (least-most); largest difference of a logit from the tree's"
            );
            foreach (var stream in Streams.Where(stream => options.Streams.Count == 0 || options.Streams.Contains(stream.Name)))
            {
                figures.Add(Measure(options.Rounds, stream.Name, stream.Lengths, engines));
                Print(figures[^1]);
            }
        }
        finally
        {
            engines.ForEach(engine => engine.Dispose());
        }
        var peak = GemmPeak.Measure(options.Rounds, options.Threads);
        Console.WriteLine($"torch.mm, {GemmPeak.Size}³, {options.Threads} threads: {Interleaved.Show(peak, "0")} GFLOP/s");
        IReadOnlyList<ProcessFigures> processes = options.OursOnly ? [] : ColdStartBench.Run(options.Rounds, tool, modelFolder);
        if (options.Json is { } json)
            Write(json, options, engines, figures, peak, processes);
    }

    private static IEnumerable<IRival> Ours(BertForQuestionAnswering model, int threads) =>
        [
            new OurEngine("eager", new EagerEngine(model, torch.CPU), threads),
            new OurEngine("packed", new SnapshotEngine(model, workers: threads), threads),
            new OurEngine("int8", new SnapshotEngine(model, quantized: true, workers: threads), threads),
        ];

    private static void CheckThreads(List<IRival> engines, int threads)
    {
        if (engines.Find(engine => engine.Threads != threads) is { } other)
            throw new InvalidOperationException($"{other.Name} computes with {other.Threads} threads, expected {threads}, as all others.");
    }

    private static StreamFigures Measure(int rounds, string name, int[] lengths, List<IRival> engines)
    {
        List<TokenWindow> windows = [.. lengths.Select((length, i) => InventedWindows.OfLength(length, i))];
        var reference = engines[0].Run(windows);
        var differences = engines.ToDictionary(
            engine => engine.Name,
            engine => EqualLogits.Checked(engine, engine.Run(windows), reference)
        );
        var tokens = lengths.Sum();
        var repeats = Math.Max(1, 1000 / tokens); // short streams are repeated, or the clock is all that is measured
        var times = Interleaved.Run(rounds, [.. engines.Select(engine => (Action)(() => Repeated(engine)))]);
        return new StreamFigures(
            name,
            engines.Index().ToDictionary(e => e.Item.Name, e => times[e.Index].Select(ms => repeats * tokens / ms * 1000).ToArray()),
            differences
        );

        void Repeated(IRival engine)
        {
            for (var i = 0; i < repeats; i++)
                engine.Run(windows);
        }
    }

    private static void Print(StreamFigures figures)
    {
        Console.WriteLine(figures.Stream);
        foreach (var (engine, speed) in figures.TokensPerSecond)
            Console.WriteLine($"  {engine, -46} {Interleaved.Show(speed, "0"), -24} {figures.LargestDifference[engine]:0.0e0}");
        foreach (var (name, ratio) in figures.OverBestFeeding)
            Console.WriteLine($"  {name, -46} {Interleaved.Show(ratio)}");
    }

    private static void Write(
        string file,
        EnginesBenchOptions options,
        List<IRival> engines,
        List<StreamFigures> figures,
        double[] peak,
        IReadOnlyList<ProcessFigures> processes
    ) =>
        File.WriteAllText(
            file,
            JsonSerializer.Serialize(
                new
                {
                    Machine = Machine.Describe(),
                    options.Rounds,
                    Threads = engines.ToDictionary(engine => engine.Name, engine => engine.Threads),
                    Streams = figures,
                    GemmPeakGflops = peak,
                    Processes = processes,
                },
                Indented
            )
        );
}
