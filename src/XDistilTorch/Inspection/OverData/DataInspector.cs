using XDistilTorch.Data;
using XDistilTorch.Prediction;

namespace XDistilTorch.Inspection.OverData;

/// <summary>Looks into the questions of a data file, one after the other: nothing grows with the number of rows.</summary>
/// <param name="answerer">The model; it stays the caller's.</param>
/// <param name="answers">How questions are answered; null takes the defaults.</param>
/// <param name="options">Which rows; null: all.</param>
public sealed class DataInspector(QuestionAnswerer answerer, AnswerOptions? answers = null, PredictorOptions? options = null)
{
    private const int RowsAhead = 16;

    /// <summary>Is told what is odd about the file as a whole.</summary>
    public Action<DataFault>? Note { get; init; }

    /// <summary>
    /// Measures rows in their order, when they are asked for. A row that cannot be answered, or in which what is looked at is not there, has its error in its place.
    /// When <paramref name="stop"/> is cancelled the sequence ends, without the row that was being measured.
    /// </summary>
    /// <param name="items">The data; enumerated by another thread.</param>
    /// <param name="measure">What is done with an answered question; on the thread of the one who enumerates.</param>
    /// <param name="stop">Ends the sequence.</param>
    /// <exception cref="DataException">The data cannot be read on, or a row has a fault and faults are to stop the run; after all rows before it.</exception>
    public IEnumerable<InspectedRow<TResult>> Run<TResult>(
        IEnumerable<DataItem> items,
        Func<InspectedQuestion, CancellationToken, TResult> measure,
        CancellationToken stop = default
    )
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(measure);
        var each = (options ?? new PredictorOptions()) with { ChunkRows = 1 };
        each.Check();
        var settings = answerer.Settle(answers ?? new AnswerOptions());
        var reader = new ChunkReader(answerer.Tokenizer, settings.Windows, each, fault => Note?.Invoke(fault));
        foreach (var chunk in LookAhead.Of(reader.Read(items), RowsAhead, stop))
        {
            if (stop.IsCancellationRequested || Measured(chunk.Rows[0], measure, stop) is not { } row)
                yield break;
            yield return row;
        }
    }

    // Null: stopped.
    private InspectedRow<TResult>? Measured<TResult>(
        RowPrediction row,
        Func<InspectedQuestion, CancellationToken, TResult> measure,
        CancellationToken stop
    )
    {
        if (row is not { Error: null, Row: { } asked })
            return new InspectedRow<TResult>(row, null, default);
        try
        {
            var question = InspectedQuestion.Of(answerer, asked.Question, asked.Context, answers, stop);
            return new InspectedRow<TResult>(row with { Answer = question.Answer with { Id = row.Id } }, question, measure(question, stop));
        }
        catch (InspectionException e)
        {
            return new InspectedRow<TResult>(row with { Windows = 0, Error = RowError.At(asked.Place, e) }, null, default);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
