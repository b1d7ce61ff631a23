using XDistilTorch.Evaluation;

namespace XDistilTorch.Calibrating;

/// <summary>Answers and probabilities on some questions, before and after calibrating.</summary>
public sealed record CalibrationPart
{
    /// <summary>How many questions.</summary>
    public required int Questions { get; init; }

    /// <summary>How many windows they have on average.</summary>
    public required double MeanWindows { get; init; }

    /// <summary>With temperature 1 and threshold 0.</summary>
    public required CalibrationFigures Before { get; init; }

    /// <summary>With the fitted temperature and threshold.</summary>
    public required CalibrationFigures After { get; init; }

    /// <summary>
    /// The temperature (of the spans) that these very questions would be given, under the fitted threshold: how far the fitted one is off. Null where none fits.
    /// </summary>
    public required double? OwnTemperature { get; init; }

    internal static CalibrationPart Of(IReadOnlyList<MeasuredQuestion> questions, CalibrationFit fit)
    {
        CalibrationQuestion[] own = [.. questions.Select(question => question.Question)];
        return new()
        {
            Questions = own.Length,
            MeanWindows = questions.Average(question => question.Windows),
            Before = CalibrationFigures.Of(own, temperature: 1, nullThreshold: 0),
            After = CalibrationFigures.Of(own, fit.Temperature, fit.NullThreshold, fit.NullTemperature),
            OwnTemperature = TemperatureOf(own, fit),
        };
    }

    private static double? TemperatureOf(CalibrationQuestion[] questions, CalibrationFit fit)
    {
        try
        {
            return fit.NullTemperature is null
                ? CalibrationFit.FindTemperature(questions, fit.NullThreshold).Temperature
                : CalibrationFit.FindTemperatures(questions, fit.NullThreshold).Temperature;
        }
        catch (DataException)
        {
            return null; // all right or all wrong: a figure less, no failure of the fit
        }
    }
}
