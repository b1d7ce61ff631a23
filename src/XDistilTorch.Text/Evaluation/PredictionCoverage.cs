namespace XDistilTorch.Evaluation;

/// <summary>Whether there are predictions for the questions.</summary>
internal static class PredictionCoverage
{
    /// <exception cref="DataException">Predictions are missing: all, or some without leave.</exception>
    public static void Check(int questions, string[] missing, int predictions, bool allowMissing)
    {
        if (missing.Length == questions)
            throw new DataException(
                $"none of the {questions} questions has a prediction (there are {predictions}, for other ids); expected one for each. "
                    + "Do predictions and data belong together?"
            );
        if (missing.Length > 0 && !allowMissing)
            throw new DataException(
                $"{missing.Length} of {questions} questions have no prediction ({Some(missing)}); expected one for each, as leaving "
                    + "questions out raises the figures. Predict them, or allow it (--allow-missing) to get the figures of the others."
            );
    }

    /// <summary>The first few ids, for messages.</summary>
    internal static string Some(IReadOnlyList<string> ids) =>
        string.Join(", ", ids.Take(5).Select(id => $"'{id}'")) + (ids.Count > 5 ? ", ..." : "");
}
