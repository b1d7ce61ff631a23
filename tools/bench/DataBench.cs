using XDistilTorch.Data;
using XDistilTorch.Engines;
using XDistilTorch.Modeling;
using XDistilTorch.Prediction;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;
using static TorchSharp.torch;

namespace XDistilTorch.Bench;

/// <summary>
/// Everything but the model - reading, tokenizing, decoding, writing - as a share of the forward pass of the same windows on one core. Both in processor time of the
/// whole process, so that waiting counts nothing.
/// </summary>
internal static class DataBench
{
    public static void Run(int rounds, string modelFolder)
    {
        set_num_threads(1);
        using var model = BertForQuestionAnswering.FromPretrained(modelFolder);
        var tokenizer = BertTokenizer.FromPretrained(modelFolder);
        Console.WriteLine("one core             | decoder    | ms/window without model | ms/window forward | share in %");
        Measure("384-token windows", rounds, 12, InventedRows.Long, model, tokenizer);
        Measure("mixed windows", rounds, 48, InventedRows.Mixed, model, tokenizer);
    }

    private static void Measure(
        string name,
        int rounds,
        int rows,
        Func<Random, int> words,
        BertForQuestionAnswering model,
        BertTokenizer tokenizer
    )
    {
        using var data = new InventedRows(rows, words);
        var windows = new List<TokenWindow>();
        Pipe(data, tokenizer, new Watched(new ConstantEngine(), windows), DecoderKind.Squad);
        var engine = new EagerEngine(model, CPU);
        var decoders = Enum.GetValues<DecoderKind>();
        var times = Interleaved.Run(
            rounds,
            () => Environment.CpuUsage.TotalTime,
            [
                () => engine.Run(windows),
                .. decoders.Select(decoder => (Action)(() => Repeat(() => Pipe(data, tokenizer, new ConstantEngine(), decoder)))),
            ]
        );
        var mean = windows.Average(window => window.Length);
        double[] forward = [.. times[0].Select(ms => ms / windows.Count)];
        for (var i = 0; i < decoders.Length; i++)
        {
            double[] rest = [.. times[i + 1].Select(ms => ms / Repeats / windows.Count)];
            double[] share = [.. Interleaved.Ratio(rest, forward).Select(ratio => 100 * ratio)];
            Console.WriteLine(
                $"{name, -17} {mean:0} | {decoders[i], -10} | {Interleaved.Show(rest, "0.000")} | {Interleaved.Show(forward, "0.0")} | {Interleaved.Show(share)}"
            );
        }
    }

    // The system counts processor time in steps that one run is not much longer than.
    private const int Repeats = 20;

    private static void Repeat(Action action)
    {
        for (var i = 0; i < Repeats; i++)
            action();
    }

    private static void Pipe(InventedRows data, BertTokenizer tokenizer, IWindowEngine engine, DecoderKind decoder)
    {
        using var line = new PredictionLine(PredictionFormat.Jsonl);
        foreach (var chunk in PipeBench.Predictor(tokenizer, engine, decoder).Run(DataReader.Read(data.Path)))
        foreach (var row in chunk.Rows)
            line.Of(row);
    }

    private sealed class Watched(IWindowEngine engine, List<TokenWindow> seen) : IWindowEngine
    {
        public IReadOnlyList<WindowLogits> Run(IReadOnlyList<TokenWindow> windows, CancellationToken cancellation = default)
        {
            seen.AddRange(windows);
            return engine.Run(windows, cancellation);
        }
    }
}
