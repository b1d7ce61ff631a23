namespace XDistilTorch.Evaluation;

/// <summary>How good answers and their probabilities are with one temperature and one null threshold.</summary>
public sealed record CalibrationFigures
{
    /// <summary>How many bins of probability the expected calibration error has.</summary>
    public const int Bins = 15;

    /// <summary>What scores are divided by.</summary>
    public required double Temperature { get; init; }

    /// <summary>What null odds are divided by; null where one temperature serves for all.</summary>
    public double? NullTemperature { get; init; }

    /// <summary>No answer when the null odds exceed this; logits.</summary>
    public required double NullThreshold { get; init; }

    /// <summary>Expected calibration error over <see cref="Bins"/> equal bins, 0 to 1.</summary>
    public required double Ece { get; init; }

    /// <summary>Mean probability of what is returned, 0 to 1; compare with <see cref="Exact"/>.</summary>
    public required double MeanProbability { get; init; }

    /// <summary>The share of exact matches, 0 to 100.</summary>
    public required double Exact { get; init; }

    /// <summary>F1, 0 to 100.</summary>
    public required double F1 { get; init; }

    /// <summary>Answers the questions and looks at the outcome.</summary>
    /// <exception cref="ArgumentException">No questions.</exception>
    public static CalibrationFigures Of(
        IReadOnlyList<CalibrationQuestion> questions,
        double temperature,
        double nullThreshold,
        double? nullTemperature = null
    )
    {
        ArgumentNullException.ThrowIfNull(questions);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        AnswerConfidence[] answers =
        [
            .. questions.Select(question => new AnswerConfidence(
                question.Distribution.Probability(temperature, nullThreshold, nullTemperature),
                question.ScoreUnder(nullThreshold).Exact == 1
            )),
        ];
        return new()
        {
            Temperature = temperature,
            NullTemperature = nullTemperature,
            NullThreshold = nullThreshold,
            Ece = ReliabilityDiagram.Of(answers, Bins).ExpectedError,
            MeanProbability = answers.Average(answer => answer.Probability),
            Exact = 100 * answers.Average(answer => answer.IsRight ? 1.0 : 0),
            F1 = 100 * questions.Average(question => question.ScoreUnder(nullThreshold).F1),
        };
    }
}
