namespace XDistilTorch.Evaluation;

/// <summary>The log-odds of an event at some inverse temperature b, ln(p / (1 - p)).</summary>
/// <param name="Value">The log-odds; infinite when the event is certain or impossible.</param>
/// <param name="Slope">Their derivative in b.</param>
public readonly record struct LogOdds(double Value, double Slope)
{
    /// <summary>The probability p.</summary>
    public double Probability => 1 / (1 + Math.Exp(-Value));
}
