namespace XDistilTorch.Evaluation;

/// <summary>What is asked of an evaluation.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Whose figures.</summary>
    public SquadVersion Version { get; init; }

    /// <summary>A score file; it replaces the scores that the predictions themselves bring.</summary>
    public NoAnswerScores? NoAnswerScores { get; init; }

    /// <summary>
    /// A question whose score is above this, strictly, counts as not answered. Null: with a score file the official script's 1.0, else the
    /// predictions are final.
    /// </summary>
    public double? NoAnswerThreshold { get; init; }

    /// <summary>Whether questions without prediction are left out of the figures of 2.0; otherwise they are an error.</summary>
    public bool AllowMissing { get; init; }

    /// <summary>Predictions to compare with; differences are theirs minus those of the evaluated ones.</summary>
    public PredictionSet? ComparedWith { get; init; }

    /// <summary>How many bootstrap resamples.</summary>
    public int Resamples { get; init; } = 1000;

    /// <summary>The seed of the resamples: the same gives the same intervals.</summary>
    public ulong Seed { get; init; }

    /// <summary>How many of the worst errors are listed.</summary>
    public int WorstErrors { get; init; } = 20;
}
