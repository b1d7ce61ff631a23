namespace XDistilTorch.Evaluation;

/// <summary>A question whose event, "the returned answer is right", has a probability that depends on the temperature.</summary>
public interface ITemperatureExample
{
    /// <summary>Whether the answer was right.</summary>
    bool Happened { get; }

    /// <summary>The log-odds at an inverse temperature, 1 / T.</summary>
    LogOdds At(double inverseTemperature);
}
