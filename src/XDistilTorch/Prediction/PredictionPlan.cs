namespace XDistilTorch.Prediction;

/// <summary>What a run would do.</summary>
/// <param name="RowsTotal">Rows of the data, those of other shards included.</param>
/// <param name="Rows">Rows to be computed.</param>
/// <param name="Errors">Rows among them that get no answer, repetitions not counted.</param>
/// <param name="Repetitions">Rows among them that repeat an earlier one.</param>
/// <param name="Windows">Windows to be computed.</param>
/// <param name="Tokens">Tokens in them.</param>
/// <param name="Samples">The first errors, with their rows.</param>
public sealed record PredictionPlan(
    long RowsTotal,
    long Rows,
    long Errors,
    long Repetitions,
    long Windows,
    long Tokens,
    IReadOnlyList<RowPrediction> Samples
);
