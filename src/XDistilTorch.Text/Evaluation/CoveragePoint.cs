namespace XDistilTorch.Evaluation;

/// <summary>What one gets by answering the surest questions only.</summary>
/// <param name="Coverage">The share of the questions that is answered, 0 to 1.</param>
/// <param name="Accuracy">The share of those that is right.</param>
public readonly record struct CoveragePoint(double Coverage, double Accuracy)
{
    /// <summary>The curve at every distinct probability, the surest first.</summary>
    public static IReadOnlyList<CoveragePoint> Curve(IEnumerable<AnswerConfidence> answers)
    {
        var surest = answers.OrderByDescending(answer => answer.Probability).ToArray();
        var points = new List<CoveragePoint>();
        var right = 0;
        for (var i = 0; i < surest.Length; i++)
        {
            right += surest[i].IsRight ? 1 : 0;
            if (i + 1 == surest.Length || surest[i + 1].Probability != surest[i].Probability)
                points.Add(new((i + 1) / (double)surest.Length, right / (i + 1.0)));
        }
        return points;
    }
}
