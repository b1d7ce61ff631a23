namespace XDistilTorch.Inspection.Comparison;

/// <summary>Two checkpoints side by side over many questions.</summary>
public sealed record ComparisonSummary
{
    /// <summary>How many questions.</summary>
    public required long Questions { get; init; }

    /// <summary>How many windows they have.</summary>
    public required long Windows { get; init; }

    /// <summary>[layers + 1], <see cref="HiddenSimilarity"/>; the first is of the embeddings' output.</summary>
    public required IReadOnlyList<Spread> Similarity { get; init; }

    /// <summary>[layers][heads], <see cref="AttentionDivergence"/>, in nats.</summary>
    public required IReadOnlyList<IReadOnlyList<Spread>> Divergence { get; init; }

    /// <summary><see cref="Comparison.AnswerDivergence"/>, in nats.</summary>
    public required Spread AnswerDivergence { get; init; }

    /// <summary>How many answers have another text.</summary>
    public required long Changed { get; init; }

    /// <summary>How right the answers are; null where no question says what is right.</summary>
    public required ComparedScores? Scores { get; init; }

    /// <summary>Every parameter, those that moved most (relatively) first.</summary>
    public required IReadOnlyList<ParameterMovement> Parameters { get; init; }

    /// <summary>Some questions whose answers changed: now right, now wrong, as right as before; of each those first whose F1, then whose answer divergence, is most.</summary>
    public required IReadOnlyList<QuestionComparison> ChangedAnswers { get; init; }

    /// <summary>The questions whose hidden states of the last layer are the least alike.</summary>
    public required IReadOnlyList<QuestionComparison> LeastSimilar { get; init; }

    /// <summary>The questions whose attention differs most, mean over all heads.</summary>
    public required IReadOnlyList<QuestionComparison> AttentionMost { get; init; }

    /// <summary>The questions whose answers are placed most differently.</summary>
    public required IReadOnlyList<QuestionComparison> AnswersMost { get; init; }

    /// <summary>How far all parameters together are from where they were, over their length before.</summary>
    public double RelativeMovement
    {
        get
        {
            var (distance, length) = (Norm(moved => moved.Distance), Norm(moved => moved.Length));
            return distance == 0 ? 0 : distance / length;
        }
    }

    private double Norm(Func<ParameterMovement, double> part) => Math.Sqrt(Parameters.Sum(moved => part(moved) * part(moved)));
}
