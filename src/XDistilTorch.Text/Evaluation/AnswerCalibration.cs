namespace XDistilTorch.Evaluation;

/// <summary>Whether the model's probabilities mean what they say, and what one gets by answering only when it is sure.</summary>
public sealed record AnswerCalibration
{
    /// <summary>How many questions came with a probability.</summary>
    public required int Total { get; init; }

    /// <summary>Probability against share of exact matches.</summary>
    public required ReliabilityDiagram Reliability { get; init; }

    /// <summary>What can be kept at wanted accuracies, 80 and 90 %.</summary>
    public required IReadOnlyList<KeyValuePair<double, AnswerCoverage>> Coverage { get; init; }

    /// <summary>The figures; null without probabilities, or where one is none (the <c>pipeline</c> decoder's may exceed 1).</summary>
    internal static AnswerCalibration? Of(IReadOnlyList<AnswerConfidence> answers)
    {
        if (answers.Count == 0 || answers.Any(answer => answer.Probability is not (>= 0 and <= 1)))
            return null;
        return new()
        {
            Total = answers.Count,
            Reliability = ReliabilityDiagram.Of(answers),
            Coverage = [.. new[] { 0.8, 0.9 }.Select(accuracy => KeyValuePair.Create(accuracy, AnswerCoverage.At(answers, accuracy)))],
        };
    }
}
