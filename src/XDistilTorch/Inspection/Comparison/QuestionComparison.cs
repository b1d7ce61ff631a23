using XDistilTorch.Data;
using XDistilTorch.Evaluation;

namespace XDistilTorch.Inspection.Comparison;

/// <summary>What one of two models answers.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Score">How right it is (SQuAD 2.0); null where the data do not say what is right.</param>
public sealed record ComparedAnswer(Answer Answer, AnswerScore? Score);

/// <summary>Two models on one question; over several windows means of the windows' figures.</summary>
public sealed record QuestionComparison
{
    /// <summary>The question.</summary>
    public required QuestionRow Row { get; init; }

    /// <summary>How many windows it has.</summary>
    public required int Windows { get; init; }

    /// <summary>[layers + 1], <see cref="HiddenSimilarity"/>; the first is of the embeddings' output.</summary>
    public required IReadOnlyList<double> Similarity { get; init; }

    /// <summary>[layers][heads], <see cref="AttentionDivergence"/>, in nats.</summary>
    public required IReadOnlyList<double[]> Divergence { get; init; }

    /// <summary><see cref="Comparison.AnswerDivergence"/>, in nats.</summary>
    public required double AnswerDivergence { get; init; }

    /// <summary>The answer of the model before.</summary>
    public required ComparedAnswer Before { get; init; }

    /// <summary>The answer of the model after.</summary>
    public required ComparedAnswer After { get; init; }

    /// <summary>Whether the answer has another text.</summary>
    public bool IsChanged => Before.Answer.Text != After.Answer.Text;

    /// <summary>How alike the last layer's hidden states are, which the answer is read from.</summary>
    public double LastSimilarity => Similarity[^1];

    /// <summary>The divergence of attention, mean over all heads of all layers; 0 where there are none.</summary>
    public double MeanDivergence => Divergence.SelectMany(heads => heads).DefaultIfEmpty().Average();

    /// <summary>How much more right (1, exact match), less right (-1) or as right as before (0) the answer is; 0 where nothing says what is right.</summary>
    public int ExactChange => (After.Score?.Exact ?? 0) - (Before.Score?.Exact ?? 0);

    /// <summary>The change of F1, 0 to 1; 0 where nothing says what is right.</summary>
    public double F1Change => (After.Score?.F1 ?? 0) - (Before.Score?.F1 ?? 0);
}
