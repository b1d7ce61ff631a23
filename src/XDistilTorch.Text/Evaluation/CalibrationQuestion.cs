using XDistilTorch.Decoding;

namespace XDistilTorch.Evaluation;

/// <summary>A question whose right answers are known, as fitting a calibration sees it.</summary>
/// <param name="Distribution">What the model says.</param>
/// <param name="HasAnswer">Whether the context answers the question.</param>
/// <param name="Best">How the best span compares with the gold answers.</param>
/// <param name="Declined">How "no answer" does.</param>
public sealed record CalibrationQuestion(AnswerDistribution Distribution, bool HasAnswer, AnswerScore Best, AnswerScore Declined)
{
    /// <summary>Compares with gold answers as the official SQuAD 2.0 script does.</summary>
    /// <param name="distribution">What the model says.</param>
    /// <param name="goldAnswers">The texts that people gave; none when the context does not answer the question.</param>
    public static CalibrationQuestion Of(AnswerDistribution distribution, IReadOnlyList<string> goldAnswers)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        ArgumentNullException.ThrowIfNull(goldAnswers);
        return new(
            distribution,
            goldAnswers.Count > 0,
            Squad2Metrics.Score(distribution.BestText ?? "", goldAnswers),
            Squad2Metrics.Score("", goldAnswers)
        );
    }

    /// <summary>How what is returned under a null threshold compares with the gold answers.</summary>
    public AnswerScore ScoreUnder(double nullThreshold) => Distribution.Declines(nullThreshold) ? Declined : Best;

    /// <summary>The event "what is returned under a null threshold is an exact match".</summary>
    public ManyWayExample Example(double nullThreshold) =>
        Distribution.Example(nullThreshold, happened: ScoreUnder(nullThreshold).Exact == 1);

    /// <summary>What a threshold is chosen by: F1.</summary>
    internal ThresholdExample ThresholdExample => new(Distribution.NullOdds ?? double.PositiveInfinity, HasAnswer, HasAnswer ? Best.F1 : 0);
}
