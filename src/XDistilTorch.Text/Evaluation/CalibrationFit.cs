using System.Globalization;

namespace XDistilTorch.Evaluation;

/// <summary>The numbers of the <c>calibrated</c> decoder, fitted on questions whose right answers are known.</summary>
/// <param name="NullThreshold">The smallest of the null thresholds with the best F1; logits.</param>
/// <param name="Temperature">The temperature under which the right and wrong answers that are returned with that threshold are most likely.</param>
/// <param name="NullTemperature">The temperature of the null odds, likewise; null where one temperature serves for all.</param>
/// <param name="NegativeLogLikelihood">The mean of -ln p(what happened) with both.</param>
public readonly record struct CalibrationFit(
    double NullThreshold,
    double Temperature,
    double? NullTemperature,
    double NegativeLogLikelihood
)
{
    /// <summary>
    /// Fits the threshold first, by F1 and whatever the temperature, then the temperature under that threshold, by the likelihood of the event that
    /// what is returned, "no answer" included, is an exact match.
    /// </summary>
    /// <param name="questions">The questions.</param>
    /// <param name="oneTemperature">
    /// Whether null is one more outcome among the spans, under their temperature. Otherwise it has a temperature of its own, and both are fitted together: a
    /// model whose null score is on another scale than its spans has probabilities that no single temperature mends.
    /// </param>
    /// <exception cref="DataException">
    /// Every question has an answer, or none has; declining all of them is best; or no temperature fits. The message says what would help.
    /// </exception>
    public static CalibrationFit Find(IReadOnlyList<CalibrationQuestion> questions, bool oneTemperature = false)
    {
        ArgumentNullException.ThrowIfNull(questions);
        RefuseOneKind(questions);
        var best = BestThreshold.Find(questions.Select(question => question.ThresholdExample));
        if (best.Threshold is not { } threshold)
            throw new DataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"F1 is best ({best.AllNullValue:F2}) when all {questions.Count} questions are declined, so that no threshold can be fitted. "
                )
                    + "Calibrate on more questions, or on some that the model can answer; a model that was not trained for answering has no calibration."
            );
        if (!oneTemperature)
            return TwoTemperatureFit.Find(questions, threshold);
        var fit = FindTemperature(questions, threshold);
        return new(threshold, fit.Temperature, null, fit.NegativeLogLikelihood);
    }

    /// <summary>The one temperature alone, under a given threshold.</summary>
    /// <exception cref="DataException">No temperature fits.</exception>
    /// <exception cref="ArgumentException">No questions.</exception>
    public static TemperatureFit FindTemperature(IReadOnlyList<CalibrationQuestion> questions, double nullThreshold)
    {
        ArgumentNullException.ThrowIfNull(questions);
        return TemperatureFit.Find([.. questions.Select(question => question.Example(nullThreshold))]);
    }

    /// <summary>Both temperatures, under a given threshold.</summary>
    /// <exception cref="DataException">No temperatures fit.</exception>
    public static CalibrationFit FindTemperatures(IReadOnlyList<CalibrationQuestion> questions, double nullThreshold)
    {
        ArgumentNullException.ThrowIfNull(questions);
        return TwoTemperatureFit.Find(questions, nullThreshold);
    }

    private static void RefuseOneKind(IReadOnlyList<CalibrationQuestion> questions)
    {
        var answered = questions.Count(question => question.HasAnswer);
        if (answered == questions.Count)
            throw new DataException(
                $"none of the {questions.Count} questions is without an answer, so that no threshold between answer and no answer can be fitted. "
                    + "Add questions that their text does not answer (\"answers\": []), as SQuAD 2.0 has."
            );
        if (answered == 0)
            throw new DataException(
                $"none of the {questions.Count} questions has an answer, so that no threshold between answer and no answer can be fitted. "
                    + "Add questions that their text answers."
            );
    }
}
