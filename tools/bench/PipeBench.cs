using System.Diagnostics;
using XDistilTorch.Data;
using XDistilTorch.Engines;
using XDistilTorch.Prediction;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Bench;

/// <summary>A million short rows from file to file with an engine that costs nothing: rows a second, and what memory grows with the rows.</summary>
internal static class PipeBench
{
    // The reader is some chunks ahead, and is to be looked at before it comes to the end.
    private const int RowsMore = 4096;

    public static void Run(string modelFolder, int most)
    {
        var tokenizer = BertTokenizer.FromPretrained(modelFolder);
        using var data = new InventedRows(most + RowsMore, InventedRows.Short);
        Console.WriteLine("decoder    |      rows |  rows/s | processor s | managed MB at the end | bytes a row more | working set MB");
        foreach (var decoder in Enum.GetValues<DecoderKind>())
        {
            Once(data, tokenizer, decoder, 2000, out _); // compiles
            var (least, fewest) = (0L, 0);
            foreach (var rows in new[] { 1000, 100_000, 1_000_000 }.Where(rows => rows <= most))
            {
                var (start, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
                var seconds = Once(data, tokenizer, decoder, rows, out var managed);
                var used = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
                (least, fewest) = fewest == 0 ? (managed, rows) : (least, fewest);
                var growth = rows == fewest ? 0 : (double)(managed - least) / (rows - fewest);
                Console.WriteLine(
                    $"{decoder, -10} | {rows, 9} | {rows / seconds, 7:0} | {used, 11:0.0} | {managed / 1e6, 21:0.0} | {growth, 16:0.0} | {Environment.WorkingSet / 1e6:0}"
                );
            }
        }
    }

    public static Predictor Predictor(
        BertTokenizer tokenizer,
        IWindowEngine engine,
        DecoderKind decoder,
        PredictorOptions? options = null
    ) => new(tokenizer, engine, AnswerSettings.Settle(new AnswerOptions { Decoder = decoder }, calibration: null, positions: 512), options);

    public static RunRecord Plan(AnswerSettings settings) =>
        new()
        {
            Format = PredictionFormat.Jsonl,
            DataSha256 = null,
            ModelSha256 = "none",
            Device = "none",
            Engine = "constant",
            Settings = settings,
            ChunkRows = PredictorOptions.UsualChunkRows,
        };

    private static double Once(InventedRows data, BertTokenizer tokenizer, DecoderKind decoder, int rows, out long managed)
    {
        var start = Stopwatch.GetTimestamp();
        var predictor = Predictor(tokenizer, new ConstantEngine(), decoder);
        using var run = PredictionRun.Open(data.Output("answers.jsonl"), Plan(predictor.Settings), ExistingOutput.Overwrite);
        foreach (var chunk in predictor.Run(DataReader.Read(data.Path)))
        {
            run.Write(chunk);
            if (chunk.RowsThrough < rows)
                continue;
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            managed = GC.GetTotalMemory(forceFullCollection: true); // before the run is broken off: the reader with its ids is still there
            return seconds;
        }
        throw new InvalidOperationException($"fewer than {rows} rows");
    }
}
