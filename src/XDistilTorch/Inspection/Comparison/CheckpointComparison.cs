using XDistilTorch.Data;
using XDistilTorch.Engines;
using XDistilTorch.Evaluation;
using XDistilTorch.Prediction;
using XDistilTorch.Windows;

namespace XDistilTorch.Inspection.Comparison;

/// <summary>
/// Holds two checkpoints side by side, question by question. Both see the same windows, and one forward pass of each gives hidden states, attention and answer.
/// </summary>
public sealed class CheckpointComparison
{
    private readonly CheckpointPair pair;
    private readonly AnswerDecoder before,
        after;
    private readonly QuestionWindows cutter;

    /// <summary>Prepares.</summary>
    /// <param name="pair">The models.</param>
    /// <param name="options">
    /// Decoder, windows and thresholds; null takes the defaults. Without a decoder it is <c>squad</c>, so that both answer by the same rule; <c>calibrated</c> takes each model's own
    /// calibration. Windows are those of the model before.
    /// </param>
    /// <exception cref="XDistilException">Longer windows are asked for than the models have positions.</exception>
    public CheckpointComparison(CheckpointPair pair, AnswerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(pair);
        options ??= new AnswerOptions();
        this.pair = pair;
        Settings = pair.Before.Settle(options with { Decoder = options.Decoder ?? DecoderKind.Squad });
        var same = options with { Decoder = Settings.Decoder, MaxLength = Settings.MaxLength, Stride = Settings.Stride };
        before = new AnswerDecoder(Settings, pair.Before.Tokenizer.ClsId);
        after = new AnswerDecoder(pair.After.Settle(same), pair.After.Tokenizer.ClsId);
        cutter = new QuestionWindows(pair.Before.Tokenizer, Settings.Windows);
    }

    /// <summary>How the model before answers.</summary>
    public AnswerSettings Settings { get; }

    /// <summary>Compares on a question.</summary>
    /// <param name="row">The question; with answers also how right both are.</param>
    /// <param name="cancellation">Looked at before every window.</param>
    /// <exception cref="DataException">The question or the text is blank, or the question leaves no room for the text in a window.</exception>
    /// <exception cref="XDistilTorch.Decoding.DecodingException">A model's logits are not finite.</exception>
    public QuestionComparison Compare(QuestionRow row, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(row);
        using var here = pair.Before.Use();
        using var there = pair.After.Use();
        var windows = Cut(row);
        List<WindowComparison> compared = [];
        List<WindowLogits> was = [],
            now = [];
        foreach (var window in windows)
        {
            cancellation.ThrowIfCancellationRequested();
            var inspected = new InspectedWindow(window, row.Question, row.Context, pair.Before.Tokenizer.Vocabulary);
            compared.Add(
                WindowComparison.Of(pair.Before.Model, pair.After.Model, inspected, pair.Before.Device, out var logits, out var others)
            );
            was.Add(logits);
            now.Add(others);
        }
        var mean = WindowComparison.Mean(compared);
        return new QuestionComparison
        {
            Row = row,
            Windows = windows.Count,
            Similarity = mean.Similarity,
            Divergence = mean.Divergence,
            AnswerDivergence = was.Zip(now, AnswerDivergence.Of).Average(),
            Before = Answered(before, row, windows, was),
            After = Answered(after, row, windows, now),
        };
    }

    private IReadOnlyList<TokenWindow> Cut(QuestionRow row)
    {
        try
        {
            return cutter.Of(new QuestionInput(row.Question, row.Context));
        }
        catch (Exception e) when (e is BlankTextException or WindowException)
        {
            throw new DataException(RowError.At(row.Place, (XDistilException)e).Message, e);
        }
    }

    private static ComparedAnswer Answered(
        AnswerDecoder decoder,
        QuestionRow row,
        IReadOnlyList<TokenWindow> windows,
        IReadOnlyList<WindowLogits> logits
    )
    {
        var answer = decoder.Decode(row.Question, row.Id, new AnswerBuilder(row.Context), row.Context, windows, logits).Answer;
        return new ComparedAnswer(
            answer,
            row.Answers is { } gold ? Squad2Metrics.Score(answer.Text, [.. gold.Select(each => each.Text)]) : null
        );
    }
}
