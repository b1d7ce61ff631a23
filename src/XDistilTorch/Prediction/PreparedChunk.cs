using XDistilTorch.Windows;

namespace XDistilTorch.Prediction;

/// <summary>A chunk whose rows are cut into windows, before it is computed.</summary>
/// <param name="Index">The chunk's number in the data.</param>
/// <param name="Rows">Its rows; answers are still missing.</param>
/// <param name="Windows">All windows of all rows.</param>
/// <param name="RowsThrough">How many rows of the data there are up to its end.</param>
internal sealed record PreparedChunk(long Index, List<RowPrediction> Rows, List<TokenWindow> Windows, long RowsThrough);
