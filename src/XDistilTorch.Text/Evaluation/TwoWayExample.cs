namespace XDistilTorch.Evaluation;

/// <summary>An event against one alternative: p = 1 / (1 + exp(-Margin / T)).</summary>
/// <param name="Margin">Score of the event minus score of the alternative, in logits.</param>
/// <param name="Happened">Whether it happened.</param>
public sealed record TwoWayExample(double Margin, bool Happened) : ITemperatureExample
{
    /// <inheritdoc/>
    public LogOdds At(double inverseTemperature) => new(Margin * inverseTemperature, Margin);
}
