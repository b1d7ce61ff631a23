namespace XDistilTorch.Training.Runs;

/// <summary>Follows the evaluations of a training: which is the best so far, and for how many there was none better.</summary>
/// <param name="metric">By what.</param>
/// <remarks>The model before the first step does not compete: whoever trains wants the trained one, and is told of both. Of equals the earlier counts.</remarks>
internal sealed class BestEvaluation(BestMetric metric)
{
    public TrainingEvaluation? Best { get; private set; }

    /// <summary>Evaluations since the best.</summary>
    public int Since { get; private set; }

    /// <returns>Whether it is the best so far.</returns>
    public bool Add(TrainingEvaluation evaluation)
    {
        if (evaluation.Step == 0)
            return false;
        if (Best is not null && !IsBetter(evaluation, Best))
        {
            Since++;
            return false;
        }
        (Best, Since) = (evaluation, 0);
        return true;
    }

    private bool IsBetter(TrainingEvaluation one, TrainingEvaluation other) =>
        metric == BestMetric.Loss ? one.Loss < other.Loss : one.F1 > other.F1;
}
