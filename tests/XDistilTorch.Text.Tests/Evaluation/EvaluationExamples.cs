using CsCheck;

namespace XDistilTorch.Evaluation;

/// <summary>A made-up data set with predictions and scores.</summary>
public sealed record EvaluationExample(
    EvaluationQuestion[] Questions,
    Dictionary<string, string> Predictions,
    NoAnswerScore[] Scores,
    double Threshold
)
{
    public Squad2Options Options => new() { NoAnswerScores = Scores, NoAnswerThreshold = Threshold };

    public override string ToString() =>
        string.Join("; ", Questions.Zip(Scores, (q, s) => $"{q.Id} [{string.Join('|', q.GoldAnswers)}] '{Predictions[q.Id]}' {s.Score}"));
}

/// <summary>Random answers and data sets, rich in empty and equal ones.</summary>
internal static class EvaluationExamples
{
    private static readonly string[] Words = ["oak", "Oak.", "tea", "the", "a", "naïve", "Σ", "42", "-", " ", "🍵"];

    private static readonly Gen<string> Word = Gen.Int[0, Words.Length - 1].Select(i => Words[i]);

    public static readonly Gen<string> Answer = Word.Array[0, 5].Select(words => string.Join(' ', words));

    /// <summary>Different scores, so that no order of a file matters.</summary>
    public static readonly Gen<EvaluationExample> Distinct = Of(Gen.Double[0, 1]);

    public static readonly Gen<EvaluationExample> Tied = Of(Gen.Int[0, 4].Select(quarters => quarters / 4.0));

    private static Gen<EvaluationExample> Of(Gen<double> score) =>
        from rows in Gen.Select(Answer.Array[0, 3], Answer, score).Array[1, 30]
        from threshold in Gen.Int[-1, 5].Select(quarters => quarters / 4.0)
        select new EvaluationExample(
            [.. rows.Select((row, i) => new EvaluationQuestion($"q{i}", row.Item1))],
            rows.Select((row, i) => (row, i)).ToDictionary(it => $"q{it.i}", it => it.row.Item2),
            [.. rows.Select((row, i) => new NoAnswerScore($"q{i}", row.Item3))],
            threshold
        );
}
