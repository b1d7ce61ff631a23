using XDistilTorch.Evaluation;

namespace XDistilTorch.Decoding;

/// <summary>
/// How the <c>calibrated</c> decoder's scores of one question are spread, whatever the temperature and the null threshold: what it returns, and how
/// probable that is, can be told for every pair of them. 8 bytes a legal span, 90 kB for a full window.
/// </summary>
/// <remarks>Made by <see cref="CalibratedDecoder.Distribution"/>. Immutable.</remarks>
public sealed class AnswerDistribution
{
    // In this order, so that what is returned and what is not are slices nearly always: spans with the best one's normalised text, other spans,
    // spans whose normalised text is "", null.
    private readonly double[] scores;
    private readonly int best;
    private readonly int empty;

    private AnswerDistribution(double[] scores, int best, int empty, string? bestText, double? nullOdds) =>
        (this.scores, this.best, this.empty, BestText, NullOdds) = (scores, best, empty, bestText, nullOdds);

    /// <summary>The best span's text, a slice of the context; null when there is no span.</summary>
    public string? BestText { get; }

    /// <summary>Null score minus the best span's score; null when there is no span.</summary>
    public double? NullOdds { get; }

    /// <summary>Whether no answer is returned under a null threshold.</summary>
    public bool Declines(double nullThreshold) => !(NullOdds <= nullThreshold);

    /// <summary>The event that what is returned under a null threshold is an exact match, at any temperature.</summary>
    /// <param name="nullThreshold">No answer when the null odds exceed this, strictly; logits.</param>
    /// <param name="happened">Whether it is.</param>
    public ManyWayExample Example(double nullThreshold, bool happened)
    {
        var all = scores.AsMemory();
        if (Declines(nullThreshold))
            return new ManyWayExample(all[^(empty + 1)..], all[..^(empty + 1)], happened);
        if (best > 0)
            return new ManyWayExample(all[..best], all[best..], happened);
        // The best span is an article or punctuation only: its text is "", but null is not returned.
        return new ManyWayExample(all[^(empty + 1)..^1], (double[])[.. scores[..^(empty + 1)], scores[^1]], happened);
    }

    /// <summary>p(no answer) from the null odds alone; 1 where there is no span.</summary>
    internal static double NullProbability(double? nullOdds, double nullThreshold, double nullTemperature) =>
        nullOdds is { } odds ? 1 / (1 + Math.Exp(-(odds - nullThreshold) / nullTemperature)) : 1;

    /// <summary>The probability that the <c>calibrated</c> decoder gives what it returns.</summary>
    /// <param name="temperature">What scores are divided by.</param>
    /// <param name="nullThreshold">No answer when the null odds exceed this, strictly; logits.</param>
    /// <param name="nullTemperature">What null odds are divided by; null: null is one more outcome among the spans.</param>
    public double Probability(double temperature, double nullThreshold, double? nullTemperature)
    {
        if (nullTemperature is not { } own)
            return Example(nullThreshold, happened: false).At(1 / temperature).Probability;
        return WithShare(ShareOfReturned(temperature, Declines(nullThreshold)), nullThreshold, own);
    }

    /// <summary>The same, where the share of the returned text among the spans is known.</summary>
    internal double WithShare(double share, double nullThreshold, double nullTemperature)
    {
        var none = NullProbability(NullOdds, nullThreshold, nullTemperature);
        return Math.Min((Declines(nullThreshold) ? none : 0) + ((1 - none) * share), 1);
    }

    /// <summary>What the spans with the returned text have among all spans: the best one's text, or "".</summary>
    internal double ShareOfReturned(double temperature, bool isDeclined)
    {
        var isEmpty = isDeclined || best == 0;
        var spans = scores.AsSpan(..^1);
        if (spans.IsEmpty)
            return 0;
        var largest = Largest(spans);
        double inside = 0,
            all = 0;
        for (var i = 0; i < spans.Length; i++)
        {
            var weight = Math.Exp((spans[i] - largest) / temperature);
            all += weight;
            if (isEmpty ? i >= spans.Length - empty : i < best)
                inside += weight;
        }
        return inside / all;
    }

    private static double Largest(ReadOnlySpan<double> values)
    {
        var largest = values[0];
        foreach (var value in values)
            largest = Math.Max(largest, value);
        return largest;
    }

    internal static AnswerDistribution Of(string context, ReadOnlySpan<ScoredPlace> spans, double nullScore)
    {
        var ranked = RankedPlace.Greedy(spans, 1);
        var bestText = ranked.Count == 0 ? null : ranked[0].Place.Of(context);
        var normalized = AnswerNormalization.Normalize(bestText ?? "");
        using var texts = new TextFingerprint(context, context.Length);
        var (wanted, none) = (TextFingerprint.Of(normalized), TextFingerprint.Of(""));

        var scores = new double[spans.Length + 1];
        scores[^1] = nullScore;
        var (best, empty) = (0, 0);
        List<double> others = new(spans.Length);
        foreach (ref readonly var span in spans)
        {
            var fingerprint = texts[span.Place];
            // The fingerprint only sorts out: normalising every span would take longer than all the rest.
            var text = fingerprint == wanted || fingerprint == none ? SameText.Normalize(span.Place, context) : null;
            if (text is "")
                scores[^(++empty + 1)] = span.Score;
            else if (text == normalized)
                scores[best++] = span.Score;
            else
                others.Add(span.Score);
        }
        others.CopyTo(scores, best);
        return new AnswerDistribution(scores, best, empty, bestText, ranked.Count == 0 ? null : nullScore - ranked[0].Score);
    }
}
