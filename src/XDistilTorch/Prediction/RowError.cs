using XDistilTorch.Data;
using XDistilTorch.Inspection;
using XDistilTorch.Windows;

namespace XDistilTorch.Prediction;

/// <summary>Why a row got no answer.</summary>
/// <param name="Code">The name of the fault (<see cref="DataFaultCodes.Name"/>), or <see cref="QuestionTooLong"/>.</param>
/// <param name="Message">Place, finding, expectation and remedy.</param>
public sealed record RowError(string Code, string Message)
{
    /// <summary>The question leaves no room for its text in a window.</summary>
    public const string QuestionTooLong = "question-too-long";

    /// <summary>The row has an answer, but not what was to be looked at: a span, a token.</summary>
    public const string NothingToInspect = "nothing-to-inspect";

    /// <summary>Whether the row is the same as an earlier one, which has the answer: nothing is lost.</summary>
    public bool IsRepetition => Code == DataFaultCode.RepeatedRow.Name();

    internal static RowError Of(IReadOnlyList<DataFault> faults)
    {
        var first = faults.FirstOrDefault(fault => fault.Evaluating == DataSeverity.Error) ?? faults[0];
        return new RowError(first.Code.Name(), string.Join(" ", faults.Select(fault => fault.ToString())));
    }

    internal static RowError At(DataPlace place, XDistilException e)
    {
        var where = place.ToString();
        var message = where.Length > 0 ? $"{where}: {e.Message}" : e.Message;
        return e switch
        {
            BlankTextException { IsQuestion: true } => new RowError(DataFaultCode.EmptyQuestion.Name(), message),
            BlankTextException => new RowError(DataFaultCode.EmptyContext.Name(), message),
            WindowException => new RowError(QuestionTooLong, message),
            InspectionException => new RowError(NothingToInspect, message),
            _ => throw new ArgumentException($"{e.GetType().Name} is not the fault of a row", nameof(e)),
        };
    }
}
