using XDistilTorch.Data;
using XDistilTorch.Decoding;

namespace XDistilTorch.Prediction;

/// <summary>What became of one row of the data: an answer or an error.</summary>
public sealed record RowPrediction
{
    /// <summary>The row's number in the data, from 1, bad rows included.</summary>
    public required long Number { get; init; }

    /// <summary>The row's id; null where it could not be read.</summary>
    public required string? Id { get; init; }

    /// <summary>The row's line; null where the data has none.</summary>
    public long? Line { get; init; }

    /// <summary>The row; null where it could not be read.</summary>
    public QuestionRow? Row { get; init; }

    /// <summary>The answer; null for an error.</summary>
    public Answer? Answer { get; init; }

    /// <summary>The error; null for an answer.</summary>
    public RowError? Error { get; init; }

    /// <summary>How many windows the row had; 0 for an error.</summary>
    public int Windows { get; init; }

    /// <summary>
    /// How much more the model speaks for no answer than for the best span: the score of no answer minus that of the span. Null for an error, where no answer
    /// was not allowed, and where there is no span.
    /// </summary>
    public double? NullOdds { get; init; }

    /// <summary>The <c>squad</c> decoder's own list; null for the other decoders and for an error.</summary>
    public SquadDecoding? Squad { get; init; }
}
