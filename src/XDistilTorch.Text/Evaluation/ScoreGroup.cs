namespace XDistilTorch.Evaluation;

/// <summary>Figures of a group of questions.</summary>
/// <param name="Exact">Share of exact matches, 0 to 100.</param>
/// <param name="F1">Mean F1, 0 to 100.</param>
/// <param name="Total">How many questions.</param>
public readonly record struct ScoreGroup(double Exact, double F1, int Total)
{
    /// <summary>The figures of these questions; 0 for none.</summary>
    public static ScoreGroup Of(IEnumerable<QuestionScore> scores)
    {
        long exact = 0;
        double f1 = 0;
        var total = 0;
        foreach (var score in scores)
        {
            exact += score.Exact;
            f1 += score.F1;
            total++;
        }
        return total == 0 ? default : new(100.0 * exact / total, 100.0 * f1 / total, total);
    }
}
