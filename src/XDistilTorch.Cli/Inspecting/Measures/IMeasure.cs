using XDistilTorch.Inspection;
using XDistilTorch.Inspection.OverData;

namespace XDistilTorch.Cli.Inspecting.Measures;

/// <summary>What an <c>inspect</c> command measures of one question, alone or as one of a file.</summary>
/// <typeparam name="TResult">What is measured.</typeparam>
internal interface IMeasure<TResult>
{
    MeasureDescription Description { get; }

    /// <summary>Measures.</summary>
    /// <param name="question">The question, answered.</param>
    /// <param name="window">The window that is looked at; null: that of the answer or of the span that was named.</param>
    /// <param name="stop">Looked at before every pass, or every few.</param>
    TResult Of(InspectedQuestion question, int? window, CancellationToken stop);

    /// <summary>All of it as one JSON object.</summary>
    string Json(InspectedQuestion question, TResult result);

    /// <summary>It as one JSON object among many: without what would be too long there.</summary>
    string JsonRow(InspectedQuestion question, TResult result) => Json(question, result);

    /// <summary>It as numbers.</summary>
    IEnumerable<MeasuredValue> Values(TResult result);
}
