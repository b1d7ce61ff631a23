using System.Globalization;
using XDistilTorch.Data;
using XDistilTorch.Engines;
using XDistilTorch.Prediction;
using XDistilTorch.Windows;

namespace XDistilTorch.Tests.Prediction;

/// <summary>Rows and runs for the tests of predicting.</summary>
internal static class PredictionRows
{
    public static DataItem Row(int number, string? question = null) =>
        new(
            new QuestionRow
            {
                Id = number.ToString(CultureInfo.InvariantCulture),
                Question = question ?? ModelFolder.Question(number).Question,
                Context = ModelFolder.Question(number / 3 * 3).Context, // some share their text
                Place = new DataPlace(number + 1, null),
            },
            []
        );

    public static IEnumerable<DataItem> Rows(int count) => Enumerable.Range(0, count).Select(number => Row(number));

    public static IEnumerable<string> Lines(this IEnumerable<PredictedChunk> chunks, PredictionFormat format = PredictionFormat.Jsonl)
    {
        using var line = new PredictionLine(format);
        foreach (var chunk in chunks)
        foreach (var row in chunk.Rows)
            yield return System.Text.Encoding.UTF8.GetString(line.Of(row));
    }

    public static AnswerSettings Settings(DecoderKind decoder = DecoderKind.Squad) =>
        AnswerSettings.Settle(new AnswerOptions { Decoder = decoder }, null, 64);

    public static RunRecord Plan(AnswerSettings settings, PredictionFormat format = PredictionFormat.Jsonl) =>
        new()
        {
            Format = format,
            DataSha256 = new string('d', 64),
            ModelSha256 = new string('m', 64),
            Device = "cpu",
            Engine = "formula",
            Settings = settings,
            ChunkRows = 4,
        };

    /// <summary>An engine that needs no model: logits that follow from the ids alone.</summary>
    public sealed class FormulaEngine : IWindowEngine
    {
        public Action<int>? BeforeWindow { get; init; }

        public IReadOnlyList<WindowLogits> Run(IReadOnlyList<TokenWindow> windows, CancellationToken cancellation = default)
        {
            var logits = new WindowLogits[windows.Count];
            for (var i = 0; i < logits.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                BeforeWindow?.Invoke(i);
                var ids = windows[i].Ids;
                logits[i] = new WindowLogits(
                    [.. ids.Select((id, at) => MathF.Sin((id * 3) + at))],
                    [.. ids.Select((id, at) => MathF.Cos((id * 5) + at))]
                );
            }
            return logits;
        }
    }
}
