using XDistilTorch.Data;
using XDistilTorch.Engines;
using XDistilTorch.Prediction;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;

namespace XDistilTorch.Tests.Prediction;

/// <summary>What the pipe from a file to a file holds after many rows: what it held after a few, and the ids.</summary>
[Collection(nameof(AnswererMemoryTests))]
public sealed class PipeMemoryTests(ModelFolder model) : IClassFixture<ModelFolder>, IDisposable
{
    private const int Few = 2048,
        Many = 40_960;

    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-pipe-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory, InlineData(DecoderKind.Calibrated), InlineData(DecoderKind.Squad), InlineData(DecoderKind.Pipeline)]
    public void It_grows_by_nothing_but_the_ids(DecoderKind decoder)
    {
        var data = Path.Combine(folder, "rows.jsonl");
        File.WriteAllLines(
            data,
            Enumerable
                .Range(0, Many + 2048)
                .Select(i => $$"""{"id":"{{i}}","question":"who was the clock?","context":"{{ModelFolder.Text(3 + i % 5, i % 7)}}"}""")
        );
        var tokenizer = BertTokenizer.FromPretrained(model.Path);
        var settings = AnswerSettings.Settle(new AnswerOptions { Decoder = decoder }, calibration: null, positions: 64);

        var (few, many) = HeldAfterFewAndMany(new Predictor(tokenizer, new ConstantEngine(), settings), data);

        // A table at most three quarters full, of 16 bytes a place, doubled as it fills: 43 bytes an id.
        const long Ids = 43L * Many,
            Allowed = 2L << 20;
        (many - few).Should().BeLessThan(Ids + Allowed);
    }

    private (long Few, long Many) HeldAfterFewAndMany(Predictor predictor, string data)
    {
        var few = 0L;
        using var run = PredictionRun.Open(Path.Combine(folder, "answers.jsonl"), Plan(predictor.Settings), ExistingOutput.Overwrite);
        foreach (var chunk in predictor.Run(DataReader.Read(data)))
        {
            run.Write(chunk);
            if (chunk.RowsThrough == Few)
                few = GC.GetTotalMemory(forceFullCollection: true);
            if (chunk.RowsThrough == Many)
                return (few, GC.GetTotalMemory(forceFullCollection: true)); // before the end: the reader with its ids is still there
        }
        throw new InvalidOperationException("too few rows");
    }

    private static RunRecord Plan(AnswerSettings settings) =>
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

    private sealed class ConstantEngine : IWindowEngine
    {
        public IReadOnlyList<WindowLogits> Run(IReadOnlyList<TokenWindow> windows, CancellationToken cancellation = default) =>
            [.. windows.Select(window => new WindowLogits(new float[window.Length], new float[window.Length]))];
    }
}
