namespace XDistilTorch.Decoding;

/// <summary>
/// The sum of exp(score / temperature) that turns scores into probabilities, kept relative to the largest score, so that it neither overflows
/// nor vanishes.
/// </summary>
internal sealed class Partition(double temperature)
{
    private double largest = double.NegativeInfinity;
    private double sum;

    /// <summary>Whether nothing was added.</summary>
    public bool IsEmpty => sum == 0;

    public void Add(double score)
    {
        Raise(score);
        sum += Weight(score);
    }

    public void Add(ReadOnlySpan<ScoredPlace> spans)
    {
        var highest = double.NegativeInfinity;
        foreach (ref readonly var span in spans)
            highest = Math.Max(highest, span.Score);
        Raise(highest);
        foreach (ref readonly var span in spans)
            sum += Weight(span.Score);
    }

    /// <summary>What all outcomes together have; less than 1 where something else may happen.</summary>
    public double Share { get; set; } = 1;

    /// <summary>The probability of this score; the score must have been added.</summary>
    public double Probability(double score) => Share * Weight(score) / sum;

    private double Weight(double score) => Math.Exp((score - largest) / temperature);

    private void Raise(double score)
    {
        if (score <= largest)
            return;
        sum *= sum == 0 ? 0 : Math.Exp((largest - score) / temperature);
        largest = score;
    }
}
