using XDistilTorch.Data;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;

namespace XDistilTorch.Training;

/// <summary>Questions cut into labelled windows.</summary>
public sealed class TrainingSet
{
    private TrainingSet(IReadOnlyList<QuestionRow> rows) => Rows = rows;

    /// <summary>The questions.</summary>
    public IReadOnlyList<QuestionRow> Rows { get; }

    /// <summary>The windows of all questions, in order.</summary>
    public IReadOnlyList<TrainingWindow> Windows { get; private init; } = [];

    /// <summary>How many windows hold an answer.</summary>
    public int WindowsWithAnswer => Windows.Count(window => !window.Label.IsNone);

    /// <summary>Questions whose answer no window holds as a whole: they are trained as if they had none there.</summary>
    public IReadOnlyList<QuestionRow> NotFitting { get; private init; } = [];

    /// <summary>Questions that are left out, with the reason: blank to the model, or too long for a window.</summary>
    public IReadOnlyList<(QuestionRow Row, string Reason)> LeftOut { get; private init; } = [];

    /// <summary>Tokens of all windows.</summary>
    public long Tokens => Windows.Sum(window => (long)window.Length);

    /// <summary>Cuts questions into windows. The first answer counts; an answer that does not stand at its start is taken where it was found.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="rows">Questions whose answers are known, judged for training already.</param>
    /// <param name="options">How texts are cut.</param>
    /// <param name="cancellation">Looked at before every question.</param>
    /// <exception cref="DataException">A question does not say what its answers are, or an answer has no certain place.</exception>
    public static TrainingSet Build(
        BertTokenizer tokenizer,
        IReadOnlyList<QuestionRow> rows,
        WindowOptions options,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(rows);
        var cutter = new QuestionWindows(tokenizer, options);
        List<TrainingWindow> windows = [];
        List<QuestionRow> notFitting = [];
        List<(QuestionRow, string)> leftOut = [];
        for (var i = 0; i < rows.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var answer = AnswerOf(rows[i]);
            try
            {
                var own = cutter.Of(new QuestionInput(rows[i].Question, rows[i].Context, rows[i].Id));
                var before = windows.Count;
                windows.AddRange(own.Select(window => TrainingWindow.Of(i, window, TrainingLabel.Of(window, answer))));
                if (answer is not null && windows.Skip(before).All(window => window.Label.IsNone))
                    notFitting.Add(rows[i]);
            }
            catch (Exception e) when (e is BlankTextException or WindowException)
            {
                leftOut.Add((rows[i], e.Message));
            }
        }
        return new TrainingSet(rows)
        {
            Windows = windows,
            NotFitting = notFitting,
            LeftOut = leftOut,
        };
    }

    /// <exception cref="DataException">Nothing is said of the answers, or the first has no certain place.</exception>
    private static TextSpan? AnswerOf(QuestionRow row)
    {
        if (row.Answers is null)
            throw new DataException(
                $"question \"{row.Id}\" ({row.Place}) has no \"answers\". Training needs the right answer; \"answers\": [] says that the text has none."
            );
        return AnswerPlace.Of(row) is { IsKnown: true, Span: var span }
            ? span
            : throw new DataException(
                $"question \"{row.Id}\" ({row.Place}): the answer \"{row.Answers[0].Text}\" has no certain place in the context; xdistil data check says more."
            );
    }
}
