namespace XDistilTorch.Prediction;

/// <summary>A chunk of rows with their answers; always the same rows, whatever the machine does.</summary>
/// <param name="Index">The chunk's number in the data, from 0.</param>
/// <param name="Rows">One for each row, in order.</param>
/// <param name="RowsThrough">How many rows of the data there are up to this chunk's end.</param>
public sealed record PredictedChunk(long Index, IReadOnlyList<RowPrediction> Rows, long RowsThrough);
