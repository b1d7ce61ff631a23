namespace XDistilTorch.Evaluation;

/// <summary>The temperature under which the observed events are most likely.</summary>
/// <param name="Temperature">T, by which logits are divided.</param>
/// <param name="NegativeLogLikelihood">The mean of -ln p(what happened) under it.</param>
public readonly record struct TemperatureFit(double Temperature, double NegativeLogLikelihood)
{
    private const double LargestLog = 4.2; // T from 1/67 to 67
    private const int GridSteps = 12;
    private const double Precision = 1e-13;

    /// <summary>
    /// Finds the minimum by the sign of the derivative in 1 / T: the minimum itself is flat, and looking only at its height gives half the digits.
    /// </summary>
    /// <exception cref="DataException">There is no minimum between T = 1/67 and 67: the events follow the scores perfectly, or against them.</exception>
    /// <exception cref="ArgumentException">No examples.</exception>
    public static TemperatureFit Find(IReadOnlyList<ITemperatureExample> examples)
    {
        if (examples.Count == 0)
            throw new ArgumentException("no examples; a temperature needs some that happened and some that did not.", nameof(examples));
        var (low, high) = (-LargestLog, LargestLog); // of ln(1 / T)
        var isWhole = true;
        // With several outcomes a side the likelihood may have several minima: narrow to the cell of the lowest, then to one change of sign.
        do
        {
            (low, high) = Narrow(examples, low, high, isWhole);
            isWhole = false;
        } while (high - low > Precision && !(SlopeAt(examples, low) <= 0 && SlopeAt(examples, high) >= 0));

        var temperature = Math.Exp(-Root(examples, low, high));
        return new(temperature, LossAt(examples, temperature));
    }

    /// <summary>The mean of -ln p(what happened) at a temperature; infinite when something impossible happened.</summary>
    public static double LossAt(IReadOnlyList<ITemperatureExample> examples, double temperature)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        return examples.Sum(example => Loss(example, 1 / temperature)) / examples.Count;
    }

    private static (double Low, double High) Narrow(IReadOnlyList<ITemperatureExample> examples, double low, double high, bool isWhole)
    {
        var step = (high - low) / GridSteps;
        double[] losses = [.. Enumerable.Range(0, GridSteps + 1).Select(i => FiniteLoss(examples, Math.Exp(low + (i * step))))];
        var best = Array.IndexOf(losses, losses.Min());
        if (isWhole && (best is 0 or GridSteps || losses[best] == 0)) // 0: all are certain and right long before the end of the range
            throw new DataException(
                $"no temperature between {Math.Exp(-LargestLog):F3} and {Math.Exp(LargestLog):F0} fits the {examples.Count} answers "
                    + $"({examples.Count(example => example.Happened)} of them right): probabilities would become only 0 and 1, or all the same. "
                    + "Calibrate on more questions, some answered rightly and some wrongly."
            );
        return (low + (Math.Max(best - 1, 0) * step), low + (Math.Min(best + 1, GridSteps) * step));
    }

    /// <summary>The Illinois method: a secant kept between the two signs; an end that stays twice counts half, else it would stay for good.</summary>
    private static double Root(IReadOnlyList<ITemperatureExample> examples, double low, double high)
    {
        var (atLow, atHigh) = (SlopeAt(examples, low), SlopeAt(examples, high));
        double root = low,
            moved = high - low;
        var lastSide = 0;
        while (high - low > Precision && Math.Abs(moved) > Precision && atHigh > atLow)
        {
            var next = ((low * atHigh) - (high * atLow)) / (atHigh - atLow);
            (moved, root) = (next - root, next);
            var slope = SlopeAt(examples, root);
            var side = Math.Sign(slope);
            if (side == 0)
                break;
            if (side < 0)
                (low, atLow, atHigh) = (root, slope, side == lastSide ? atHigh / 2 : atHigh);
            else
                (high, atHigh, atLow) = (root, slope, side == lastSide ? atLow / 2 : atLow);
            lastSide = side;
        }
        return root;
    }

    /// <summary>The sign-giving part of the derivative of the loss: sum of (p - happened) times the slope of the log-odds.</summary>
    private static double SlopeAt(IReadOnlyList<ITemperatureExample> examples, double logInverse)
    {
        var inverse = Math.Exp(logInverse);
        return examples.Sum(example =>
        {
            var odds = example.At(inverse);
            return (odds.Probability - (example.Happened ? 1 : 0)) * odds.Slope;
        });
    }

    // What is certain whatever the temperature says nothing about it, even when it did not happen.
    private static double FiniteLoss(IReadOnlyList<ITemperatureExample> examples, double inverse) =>
        examples.Select(example => Loss(example, inverse)).Where(double.IsFinite).Sum();

    private static double Loss(ITemperatureExample example, double inverse)
    {
        var odds = example.At(inverse).Value;
        var against = example.Happened ? -odds : odds;
        return Math.Max(against, 0) + Math.Log(1 + Math.Exp(-Math.Abs(against))); // ln(1 + e^against) without overflow
    }
}
