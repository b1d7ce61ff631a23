namespace XDistilTorch.Evaluation;

/// <summary>
/// An event that several outcomes make true, among many: p = sum of exp(s / T) over its outcomes / the same sum over all. For the
/// <c>calibrated</c> decoder these are the legal spans (and null) with the returned answer's normalised text, and the other ones.
/// </summary>
public sealed class ManyWayExample : ITemperatureExample
{
    // exp(-50) = 2e-22: a million such outcomes do not change the last bit of a sum that is at least 1, and most outcomes are such.
    private const double Vanishing = -50;

    private readonly ReadOnlyMemory<double> eventScores;
    private readonly ReadOnlyMemory<double> otherScores;
    private readonly double eventLargest;
    private readonly double otherLargest;

    /// <param name="eventScores">Scores of the outcomes that make the event, in logits; at least one. Read, never copied.</param>
    /// <param name="otherScores">Scores of all others; without any the event is certain. Read, never copied.</param>
    /// <param name="happened">Whether the event happened.</param>
    /// <exception cref="ArgumentException">The event has no outcome, or a score is not finite.</exception>
    public ManyWayExample(double[] eventScores, double[] otherScores, bool happened)
        : this(eventScores.AsMemory(), otherScores.AsMemory(), happened) { }

    /// <inheritdoc cref="ManyWayExample(double[], double[], bool)"/>
    public ManyWayExample(ReadOnlyMemory<double> eventScores, ReadOnlyMemory<double> otherScores, bool happened)
    {
        if (eventScores.IsEmpty)
            throw new ArgumentException("the event has no outcome; expected at least the returned answer.", nameof(eventScores));
        (this.eventScores, this.otherScores, Happened) = (eventScores, otherScores, happened);
        (eventLargest, otherLargest) = (Largest(eventScores.Span), Largest(otherScores.Span));
    }

    /// <inheritdoc/>
    public bool Happened { get; }

    /// <inheritdoc/>
    public LogOdds At(double inverseTemperature)
    {
        if (otherScores.IsEmpty)
            return new(double.PositiveInfinity, 0);
        var (inside, insideMean) = LogSumExp(eventScores.Span, eventLargest, inverseTemperature);
        var (outside, outsideMean) = LogSumExp(otherScores.Span, otherLargest, inverseTemperature);
        return new(inside - outside, insideMean - outsideMean);
    }

    private static double Largest(ReadOnlySpan<double> scores)
    {
        var largest = double.NegativeInfinity;
        foreach (var score in scores)
        {
            if (!double.IsFinite(score))
                throw new ArgumentException("a score is not finite; expected logits.", nameof(scores));
            largest = Math.Max(largest, score);
        }
        return largest;
    }

    /// <summary>ln of the sum of exp(b s), and its derivative in b: the mean of s under those weights.</summary>
    private static (double Value, double Slope) LogSumExp(ReadOnlySpan<double> scores, double largest, double inverseTemperature)
    {
        double sum = 0,
            weighted = 0;
        foreach (var score in scores)
        {
            var exponent = inverseTemperature * (score - largest);
            if (exponent < Vanishing)
                continue;
            var weight = Math.Exp(exponent);
            sum += weight;
            weighted += weight * score;
        }
        return ((inverseTemperature * largest) + Math.Log(sum), weighted / sum);
    }
}
