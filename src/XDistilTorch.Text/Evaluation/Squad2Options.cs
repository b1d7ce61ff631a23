namespace XDistilTorch.Evaluation;

/// <summary>What goes into the figures of SQuAD 2.0 besides the predictions.</summary>
public sealed record Squad2Options
{
    /// <summary>
    /// How much speaks for no answer, in the order of the score file, which decides between equal scores. With it come <c>best_*</c> and
    /// <c>pr_*</c>; null for none, then every score counts as 0.
    /// </summary>
    public IReadOnlyList<NoAnswerScore>? NoAnswerScores { get; init; }

    /// <summary>
    /// A question whose score is above this, strictly, counts as not answered in all but <c>best_*</c> and <c>pr_*</c> (the script's
    /// <c>--na-prob-thresh</c>). Null: predictions are final, scores feed only <c>best_*</c> and <c>pr_*</c>.
    /// </summary>
    public double? NoAnswerThreshold { get; init; } = 1.0;

    /// <summary>
    /// Whether questions without prediction are left out of all figures. Otherwise they are an error, as leaving them out flatters.
    /// </summary>
    public bool AllowMissing { get; init; }
}
