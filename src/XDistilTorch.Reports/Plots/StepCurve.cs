using XDistilTorch.Training;

namespace XDistilTorch.Reports.Plots;

/// <summary>
/// A value over the steps as it is drawn. However many steps there are, none is left out of what is seen: many become ranges from their least to their greatest.
/// </summary>
internal sealed class StepCurve
{
    private const int MostPoints = 400; // more are not seen and only make the page longer
    private const int MeansAcross = 40; // about so many running means would fit side by side

    private StepCurve() { }

    /// <summary>The steps of a range; 1: each for itself.</summary>
    public required int StepsPerRange { get; init; }

    /// <summary>Ranges in order, each with its middle.</summary>
    public required IReadOnlyList<(double Step, double Least, double Greatest)> Ranges { get; init; }

    /// <summary>The steps of a mean, odd; 1: none is drawn.</summary>
    public required int StepsPerMean { get; init; }

    /// <summary>The mean of the steps around each range's middle; fewer at the ends.</summary>
    public required IReadOnlyList<(double Step, double Mean)> Means { get; init; }

    public static StepCurve Of(IReadOnlyList<TrainingStep> steps, Func<TrainingStep, double> value)
    {
        double[] values = [.. steps.Select(value)];
        var size = Math.Max(1, (values.Length + MostPoints - 1) / MostPoints);
        var around = values.Length / MeansAcross / 2;
        int[] starts = [.. Enumerable.Range(0, (values.Length + size - 1) / size).Select(i => i * size)];
        return new StepCurve
        {
            StepsPerRange = size,
            Ranges =
            [
                .. starts.Select(start =>
                {
                    var range = values.AsSpan(start, Math.Min(size, values.Length - start));
                    var (first, last) = (steps[start].Step, steps[start + range.Length - 1].Step);
                    return ((first + last) / 2.0, Least(range), Greatest(range));
                }),
            ],
            StepsPerMean = (2 * around) + 1,
            Means =
            [
                .. starts
                    .Select(start => Math.Min(start + (size / 2), values.Length - 1))
                    .Select(i => ((double)steps[i].Step, Mean(values, i, around))),
            ],
        };
    }

    /// <summary>How the curve was made, for the caption.</summary>
    public string Words =>
        StepsPerMean == 1
            ? "Every step is drawn."
            : FormattableString.Invariant(
                $"Faint: {(StepsPerRange == 1 ? "every step" : $"from the least to the greatest of every {StepsPerRange:N0} steps")}; line: the mean of the {StepsPerMean:N0} steps around, fewer at the ends."
            );

    private static double Least(ReadOnlySpan<double> range)
    {
        var least = range[0];
        foreach (var value in range)
            least = Math.Min(least, value);
        return least;
    }

    private static double Greatest(ReadOnlySpan<double> range)
    {
        var greatest = range[0];
        foreach (var value in range)
            greatest = Math.Max(greatest, value);
        return greatest;
    }

    private static double Mean(double[] values, int at, int around)
    {
        var (start, end) = (Math.Max(0, at - around), Math.Min(values.Length, at + around + 1));
        var sum = 0.0;
        foreach (var value in values.AsSpan(start, end - start))
            sum += value;
        return sum / (end - start);
    }
}
