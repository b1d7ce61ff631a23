using XDistilTorch.Prediction;

namespace XDistilTorch.Inspection.OverData;

/// <summary>What became of one row of the data that was to be looked into.</summary>
/// <typeparam name="TResult">What the measure gives.</typeparam>
/// <param name="Row">The row; its error where it has one.</param>
/// <param name="Question">The question with its answer; null for an error.</param>
/// <param name="Result">What the measure gave; the default for an error.</param>
public sealed record InspectedRow<TResult>(RowPrediction Row, InspectedQuestion? Question, TResult? Result)
{
    /// <summary>Whether the row was measured.</summary>
    public bool IsMeasured => Row.Error is null;
}
