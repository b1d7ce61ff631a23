using XDistilTorch.Modeling;
using XDistilTorch.Pruning;

namespace XDistilTorch.Inspection.Importance;

/// <summary>The importance of heads over many questions, each of which counts the same; grows question by question and holds sums only.</summary>
/// <param name="config">Of the model that was measured.</param>
public sealed class ImportanceSummary(BertConfig config)
{
    private readonly Sums gradient = new(config),
        lossChange = new(config),
        scoreChange = new(config);
    private double loss;

    /// <summary>How many questions.</summary>
    public int Questions { get; private set; }

    /// <summary>How many windows they have.</summary>
    public long Windows { get; private set; }

    /// <summary>The mean loss of the questions with all heads.</summary>
    public double Loss => loss / Questions;

    /// <summary>[layers][heads] importance by gradient: the mean of the absolute value of c . dL/dc. Null where not measured.</summary>
    public IReadOnlyList<double[]>? Gradient => gradient.Mean(Questions);

    /// <summary>[layers][heads] importance by ablation: how much the mean loss grows without the head; negative where the model is better without. Null where not measured.</summary>
    public IReadOnlyList<double[]>? LossChange => lossChange.Mean(Questions);

    /// <summary>[layers][heads] how much the mean score of the right answers changes without the head. Null where not measured.</summary>
    public IReadOnlyList<double[]>? ScoreChange => scoreChange.Mean(Questions);

    /// <summary>How far the two measures rank the heads alike (Spearman, -1 to 1); null where not both were measured, or one tells no heads apart.</summary>
    public double? RankCorrelation =>
        Gradient is { } one && LossChange is { } other
            ? Attribution.RankCorrelation.Spearman([.. one.SelectMany(heads => heads)], [.. other.SelectMany(heads => heads)])
            : null;

    /// <summary>Adds a question.</summary>
    public void Add(QuestionImportance question)
    {
        ArgumentNullException.ThrowIfNull(question);
        Questions++;
        Windows += question.Windows;
        loss += question.Loss;
        gradient.Add(question.Gradient, Math.Abs);
        lossChange.Add(question.LossChange, change => change);
        scoreChange.Add(question.ScoreChange, change => change);
    }

    /// <summary>The heads that matter least, the least first; of equal ones the one that comes first in the model.</summary>
    /// <param name="importance"><see cref="Gradient"/> or <see cref="LossChange"/>.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="InspectionException">The model has fewer heads.</exception>
    public static IReadOnlyList<AttentionHead> Least(IReadOnlyList<double[]> importance, int count)
    {
        ArgumentNullException.ThrowIfNull(importance);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var heads = importance
            .SelectMany((row, layer) => row.Select((value, head) => (Head: new AttentionHead(layer, head), Value: value)))
            .ToList();
        if (count > heads.Count)
            throw new InspectionException($"the {count} least important heads are asked for; the model has {heads.Count}.");
        return [.. heads.OrderBy(head => head.Value).Take(count).Select(head => head.Head)];
    }

    private sealed class Sums(BertConfig config)
    {
        private double[][]? sums;

        public void Add(IReadOnlyList<double[]>? values, Func<double, double> part)
        {
            if (values is null)
                return;
            sums ??= [.. Enumerable.Range(0, config.NumHiddenLayers).Select(layer => new double[config.HeadCount(layer)])];
            for (var layer = 0; layer < sums.Length; layer++)
            for (var head = 0; head < sums[layer].Length; head++)
                sums[layer][head] += part(values[layer][head]);
        }

        public double[][]? Mean(int count) => sums?.Select(heads => heads.Select(sum => sum / count).ToArray()).ToArray();
    }
}
