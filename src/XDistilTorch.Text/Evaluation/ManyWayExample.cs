namespace XDistilTorch.Evaluation;

/// <summary>
/// An event that several outcomes make true, among many: p = sum of exp(s / T) over its outcomes / the same sum over all. For the
/// <c>calibrated</c> decoder these are the legal spans (and null) with the returned answer's normalised text, and the other ones.
/// </summary>
public sealed class ManyWayExample : ITemperatureExample
{
    private readonly float[] eventScores;
    private readonly float[] otherScores;

    /// <param name="eventScores">Scores of the outcomes that make the event, in logits; at least one.</param>
    /// <param name="otherScores">Scores of all others; without any the event is certain.</param>
    /// <param name="happened">Whether the event happened.</param>
    /// <exception cref="ArgumentException">The event has no outcome, or a score is not finite.</exception>
    public ManyWayExample(float[] eventScores, float[] otherScores, bool happened)
    {
        if (eventScores.Length == 0)
            throw new ArgumentException("the event has no outcome; expected at least the returned answer.", nameof(eventScores));
        if (!Array.TrueForAll(eventScores, float.IsFinite) || !Array.TrueForAll(otherScores, float.IsFinite))
            throw new ArgumentException("a score is not finite; expected logits.", nameof(eventScores));
        this.eventScores = eventScores;
        this.otherScores = otherScores;
        Happened = happened;
    }

    /// <inheritdoc/>
    public bool Happened { get; }

    /// <inheritdoc/>
    public LogOdds At(double inverseTemperature)
    {
        if (otherScores.Length == 0)
            return new(double.PositiveInfinity, 0);
        var (inside, insideMean) = LogSumExp(eventScores, inverseTemperature);
        var (outside, outsideMean) = LogSumExp(otherScores, inverseTemperature);
        return new(inside - outside, insideMean - outsideMean);
    }

    /// <summary>ln of the sum of exp(b s), and its derivative in b: the mean of s under those weights.</summary>
    private static (double Value, double Slope) LogSumExp(float[] scores, double inverseTemperature)
    {
        double largest = scores.Max();
        double sum = 0,
            weighted = 0;
        foreach (var score in scores)
        {
            var weight = Math.Exp(inverseTemperature * (score - largest));
            sum += weight;
            weighted += weight * score;
        }
        return ((inverseTemperature * largest) + Math.Log(sum), weighted / sum);
    }
}
