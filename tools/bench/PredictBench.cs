using XDistilTorch.Data;
using XDistilTorch.Engines;
using XDistilTorch.Modeling;
using XDistilTorch.Prediction;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;

namespace XDistilTorch.Bench;

/// <summary>Windows a second from a file of rows to a file of answers, beside the bare engine on the same windows in the same chunks.</summary>
internal static class PredictBench
{
    // Several chunks, so that reading, computing and decoding overlap. Opening and closing a run costs some tenths of a second, mostly for the disk.
    private const int Rows = 256,
        ChunkRows = 32;

    public static void Run(int rounds, string modelFolder)
    {
        using var model = BertForQuestionAnswering.FromPretrained(modelFolder);
        var tokenizer = BertTokenizer.FromPretrained(modelFolder);
        using var data = new InventedRows(Rows, InventedRows.Mixed);
        using var engine = new SnapshotEngine(model);
        var chunks = new List<IReadOnlyList<TokenWindow>>();
        foreach (var _ in Predictor(tokenizer, new Watched(chunks)).Run(DataReader.Read(data.Path))) { }

        Action[] ways = [() => ToFile(data, Predictor(tokenizer, engine)), () => chunks.ForEach(chunk => engine.Run(chunk))];
        var processor = new List<double>[] { [], [] };
        var times = Interleaved.Run(rounds, [.. ways.Select((way, i) => (Action)(() => processor[i].Add(ProcessorTime(way))))]);
        double windows = chunks.Sum(chunk => chunk.Count);
        double[] predict = [.. times[0].Select(ms => windows / ms * 1000)],
            bare = [.. times[1].Select(ms => windows / ms * 1000)];
        Console.WriteLine("windows/s, file to file | the engine alone | share");
        Console.WriteLine(
            $"{Interleaved.Show(predict)} | {Interleaved.Show(bare)} | {Interleaved.Show(Interleaved.Ratio(predict, bare), "0.000")}"
        );
        Console.WriteLine("processor time of the engine alone, share of file to file");
        Console.WriteLine(
            Interleaved.Show(Interleaved.Ratio([.. processor[1].TakeLast(rounds)], [.. processor[0].TakeLast(rounds)]), "0.000")
        );
    }

    private static double ProcessorTime(Action action)
    {
        var start = Environment.CpuUsage.TotalTime;
        action();
        return (Environment.CpuUsage.TotalTime - start).TotalMilliseconds;
    }

    private static Predictor Predictor(BertTokenizer tokenizer, IWindowEngine engine) =>
        PipeBench.Predictor(tokenizer, engine, DecoderKind.Calibrated, new PredictorOptions { ChunkRows = ChunkRows });

    private static void ToFile(InventedRows data, Predictor predictor)
    {
        using var run = PredictionRun.Open(
            data.Output("answers.jsonl"),
            PipeBench.Plan(predictor.Settings) with
            {
                ChunkRows = ChunkRows,
            },
            ExistingOutput.Overwrite
        );
        foreach (var chunk in predictor.Run(DataReader.Read(data.Path)))
            run.Write(chunk);
        run.Finish(predictor.RowsRead);
    }

    private sealed class Watched(List<IReadOnlyList<TokenWindow>> chunks) : IWindowEngine
    {
        private readonly ConstantEngine engine = new();

        public IReadOnlyList<WindowLogits> Run(IReadOnlyList<TokenWindow> windows, CancellationToken cancellation = default)
        {
            chunks.Add(windows);
            return engine.Run(windows, cancellation);
        }
    }
}
