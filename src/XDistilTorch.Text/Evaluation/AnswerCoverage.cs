namespace XDistilTorch.Evaluation;

/// <summary>How many answers one may keep, the surest first, so that a wanted share of them is right.</summary>
/// <param name="Share">Kept answers, of all, 0 to 1; 0 when no cut reaches the accuracy.</param>
/// <param name="Count">How many that is.</param>
/// <param name="Accuracy">The share of the kept ones that is right; null when none is kept.</param>
/// <param name="Probability">The least probability kept; null when none is kept.</param>
public readonly record struct AnswerCoverage(double Share, int Count, double? Accuracy, double? Probability)
{
    /// <summary>The most answers that a cut at some probability keeps with at least this accuracy. Equally sure ones are kept or dropped together.</summary>
    /// <param name="answers">All answers.</param>
    /// <param name="accuracy">The wanted accuracy, 0 to 1.</param>
    /// <exception cref="ArgumentException">No answers, or a probability or accuracy outside 0 to 1.</exception>
    public static AnswerCoverage At(IReadOnlyList<AnswerConfidence> answers, double accuracy)
    {
        if (accuracy is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(accuracy), accuracy, "expected an accuracy from 0 to 1.");
        AnswerConfidence.Check(answers);
        var surest = answers.OrderByDescending(answer => answer.Probability).ToArray();
        var best = new AnswerCoverage(0, 0, null, null);
        var right = 0;
        for (var i = 0; i < surest.Length; i++)
        {
            right += surest[i].IsRight ? 1 : 0;
            if (i + 1 < surest.Length && surest[i + 1].Probability == surest[i].Probability)
                continue;
            var reached = right / (double)(i + 1);
            if (reached >= accuracy)
                best = new((i + 1) / (double)surest.Length, i + 1, reached, surest[i].Probability);
        }
        return best;
    }
}
