using System.Diagnostics;
using XDistilTorch.Data;
using XDistilTorch.Engines;
using XDistilTorch.Evaluation;
using XDistilTorch.Windows;

namespace XDistilTorch.Pruning;

/// <summary>How far a comparison is.</summary>
/// <param name="Questions">Answered by both models.</param>
/// <param name="Windows">Computed by both models.</param>
public readonly record struct PruningProgress(int Questions, long Windows);

/// <summary>
/// What pruning cost and what it gained on questions with known answers: figures of the <c>squad</c> decoder before and after, and the time of the forward passes, taken
/// in turns within one run, so that whatever else the machine does hits both.
/// </summary>
public sealed record PruningComparison
{
    private const int QuestionsTogether = 32;

    /// <summary>The official figures of the model before.</summary>
    public required EvaluationReport Before { get; init; }

    /// <summary>Those of the smaller model.</summary>
    public required EvaluationReport After { get; init; }

    /// <summary>After minus before, question by question.</summary>
    public required PairedComparison Difference { get; init; }

    /// <summary>How many windows each model computed.</summary>
    public required long Windows { get; init; }

    /// <summary>The forward passes of the model before, in windows a second.</summary>
    public required double SpeedBefore { get; init; }

    /// <summary>Those of the smaller model.</summary>
    public required double SpeedAfter { get; init; }

    /// <summary>How many times as fast the smaller model is: the median over turns, each of the same windows through both.</summary>
    public required double Speedup { get; init; }

    /// <summary>Refuses questions that no comparison can be made on; before the models are loaded.</summary>
    /// <exception cref="DataException">There is no question, or one does not say what its answers are.</exception>
    public static void Check(IReadOnlyList<QuestionRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
            throw new DataException("there is no question to compare the models on.");
        if (rows.FirstOrDefault(row => row.Answers is null) is { } silent)
            throw new DataException(
                $"question \"{silent.Id}\" ({silent.Place}) has no \"answers\"; expected them for each, an empty list where the text has none."
            );
    }

    /// <summary>Asks both models.</summary>
    /// <param name="before">The model before.</param>
    /// <param name="after">The smaller model; it has the same tokenizer.</param>
    /// <param name="rows">Questions with their answers.</param>
    /// <param name="progress">Is told after every turn.</param>
    /// <param name="cancellation">Looked at before every batch.</param>
    /// <exception cref="DataException">There is no question, none can be cut into windows, or one does not say what its answers are.</exception>
    public static PruningComparison Of(
        QuestionAnswerer before,
        QuestionAnswerer after,
        IReadOnlyList<QuestionRow> rows,
        IProgress<PruningProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        Check(rows);
        Contestant first = new(before),
            second = new(after);
        var cutter = new QuestionWindows(before.Tokenizer, before.Settle(Contestant.Options).Windows);
        List<double> ratios = [];
        var (done, windows) = (0, 0L);
        foreach (var turn in rows.Chunk(QuestionsTogether))
        {
            var cut = turn.Select(row => (Row: row, Windows: WindowsOf(cutter, row))).ToList();
            TokenWindow[] all = [.. cut.SelectMany(question => question.Windows)];
            if (windows == 0) // what is computed first pays for what happens once
                foreach (var contestant in (Contestant[])[first, second])
                    contestant.WarmUp(all, cancellation);
            // Who begins changes, so that neither always finds the other's traces.
            if (ratios.Count % 2 == 0)
                (first.Last, second.Last) = (first.Run(all, cancellation), second.Run(all, cancellation));
            else
                (second.Last, first.Last) = (second.Run(all, cancellation), first.Run(all, cancellation));
            if (all.Length > 0)
                ratios.Add(first.Last.Elapsed / second.Last.Elapsed);
            first.Answer(cut);
            second.Answer(cut);
            (done, windows) = (done + turn.Length, windows + all.Length);
            progress?.Report(new PruningProgress(done, windows));
        }
        if (windows == 0)
            throw new DataException(
                "no question can be cut into windows, so that there is nothing to compare; `xdistil data check` says more."
            );
        return Make(first, second, rows, windows, ratios);
    }

    private static PruningComparison Make(
        Contestant first,
        Contestant second,
        IReadOnlyList<QuestionRow> rows,
        long windows,
        List<double> ratios
    )
    {
        var (answersBefore, answersAfter) = (first.Answers(), second.Answers());
        var options = new EvaluationOptions { WorstErrors = 0 };
        var before = Evaluator.Evaluate(rows, answersBefore, options with { ComparedWith = answersAfter });
        ratios.Sort();
        return new PruningComparison
        {
            Before = before,
            After = Evaluator.Evaluate(rows, answersAfter, options),
            Difference = before.Comparison!,
            Windows = windows,
            SpeedBefore = windows / first.Elapsed.TotalSeconds,
            SpeedAfter = windows / second.Elapsed.TotalSeconds,
            Speedup = (ratios[(ratios.Count - 1) / 2] + ratios[ratios.Count / 2]) / 2,
        };
    }

    private static IReadOnlyList<TokenWindow> WindowsOf(QuestionWindows cutter, QuestionRow row)
    {
        try
        {
            return cutter.Of(new QuestionInput(row.Question, row.Context, row.Id));
        }
        catch (Exception e) when (e is BlankTextException or WindowException)
        {
            return []; // nothing can be answered: no answer is
        }
    }

    /// <summary>One of the two models, with what it has answered and how long that took.</summary>
    private sealed class Contestant(QuestionAnswerer answerer)
    {
        public static readonly AnswerOptions Options = new() { Decoder = DecoderKind.Squad };

        private readonly AnswerDecoder decoder = new(answerer.Settle(Options), answerer.Tokenizer.ClsId);
        private readonly List<PredictedAnswer> answers = [];

        public TimeSpan Elapsed { get; private set; }

        /// <summary>The logits of the turn under way, and how long they took.</summary>
        public (IReadOnlyList<WindowLogits> Logits, TimeSpan Elapsed) Last { get; set; }

        public void WarmUp(TokenWindow[] windows, CancellationToken cancellation) =>
            answerer.Engine.Run([.. windows.Take(8)], cancellation);

        public (IReadOnlyList<WindowLogits>, TimeSpan) Run(TokenWindow[] windows, CancellationToken cancellation)
        {
            var started = Stopwatch.GetTimestamp();
            var logits = answerer.Engine.Run(windows, cancellation);
            var elapsed = Stopwatch.GetElapsedTime(started);
            Elapsed += elapsed;
            return (logits, elapsed);
        }

        public void Answer(IReadOnlyList<(QuestionRow Row, IReadOnlyList<TokenWindow> Windows)> questions)
        {
            var at = 0;
            foreach (var (row, windows) in questions)
            {
                answers.Add(Answer(row, windows, [.. Last.Logits.Skip(at).Take(windows.Count)]));
                at += windows.Count;
            }
        }

        private PredictedAnswer Answer(QuestionRow row, IReadOnlyList<TokenWindow> windows, WindowLogits[] logits)
        {
            if (windows.Count == 0)
                return new PredictedAnswer(row.Id, "") { Windows = 0 };
            var decoded = decoder.Decode(row.Question, row.Id, new AnswerBuilder(row.Context), row.Context, windows, logits);
            return PredictedAnswer.Of(decoded.Answer, windows.Count) with { NoAnswerScore = decoded.NullOdds };
        }

        public PredictionSet Answers() => PredictionSet.Of(answerer.Folder, answers);
    }
}
