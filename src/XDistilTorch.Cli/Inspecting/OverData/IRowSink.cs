using XDistilTorch.Inspection.OverData;
using XDistilTorch.Prediction;

namespace XDistilTorch.Cli.Inspecting.OverData;

/// <summary>What a measure gave of one row.</summary>
/// <param name="Row">The row; its error where it was not measured.</param>
/// <param name="Json">The measure as one JSON object; null for an error.</param>
/// <param name="Values">Its numbers; none for an error.</param>
internal sealed record MeasuredRow(RowPrediction Row, string? Json, IReadOnlyList<MeasuredValue> Values);

/// <summary>Where measured rows go, in one format. What is written is whole once it is disposed of.</summary>
internal interface IRowSink : IDisposable
{
    void Write(MeasuredRow row);
}
