using System.Globalization;
using XDistilTorch.Data;

namespace XDistilTorch.Evaluation;

/// <summary>One set of predictions under the official metric, question by question.</summary>
internal sealed record EvaluationRun
{
    public Squad1Figures? Squad1 { get; init; }

    public Squad2Evaluation? Squad2 { get; init; }

    public double? Threshold { get; init; }

    public required IReadOnlyList<QuestionOutcome> Outcomes { get; init; }

    public required IReadOnlyList<string> MissingIds { get; init; }

    public required IReadOnlyList<string> SurplusIds { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    public static EvaluationRun V1(IReadOnlyList<QuestionRow> rows, PredictionSet set) =>
        Named(
            set,
            () =>
            {
                var evaluation = Squad1Metrics.Evaluate(Questions(rows), Texts(set));
                PredictionCoverage.Check(rows.Count, [.. evaluation.MissingIds], set.Count, allowMissing: true);
                return new EvaluationRun
                {
                    Squad1 = evaluation.Figures,
                    Outcomes = OutcomesOf(rows, set, evaluation.Questions, (_, answer) => answer?.NoAnswerScore, null),
                    MissingIds = evaluation.MissingIds,
                    SurplusIds = evaluation.SurplusIds,
                    Notes = [.. NotesOn(set, evaluation.MissingIds, evaluation.SurplusIds, "counted 0")],
                };
            }
        );

    /// <param name="rows">The data.</param>
    /// <param name="set">The predictions.</param>
    /// <param name="options">The threshold, and whether predictions may be missing.</param>
    /// <param name="scoreFile">Scores in place of those that the predictions bring.</param>
    public static EvaluationRun V2(
        IReadOnlyList<QuestionRow> rows,
        PredictionSet set,
        EvaluationOptions options,
        NoAnswerScores? scoreFile
    ) =>
        Named(
            set,
            () =>
            {
                var (scores, scoreNote) = scoreFile is null ? OwnScores(rows, set) : (scoreFile.Scores, null);
                // A threshold for the scores of one set says nothing about another that has none.
                var threshold =
                    ReferenceEquals(set, options.ComparedWith) && scores is null ? null
                    : scoreFile is null ? options.NoAnswerThreshold
                    : options.NoAnswerThreshold ?? 1.0;
                var evaluation = Squad2Metrics.Evaluate(
                    Questions(rows),
                    Texts(set),
                    new()
                    {
                        NoAnswerScores = scores,
                        NoAnswerThreshold = threshold,
                        AllowMissing = options.AllowMissing,
                    }
                );
                var scoreOf = scores?.ToDictionary(score => score.Id, score => score.Score, StringComparer.Ordinal);
                return new EvaluationRun
                {
                    Squad2 = evaluation,
                    Threshold = threshold,
                    Outcomes = OutcomesOf(rows, set, evaluation.Questions, (id, _) => scoreOf?[id], threshold),
                    MissingIds = evaluation.MissingIds,
                    SurplusIds = evaluation.SurplusIds,
                    Notes =
                    [
                        .. NotesOn(set, evaluation.MissingIds, evaluation.SurplusIds, "left out of all figures"),
                        .. scoreNote is null ? Array.Empty<string>() : [scoreNote],
                        .. scoreFile is null ? [] : NotesOn(scoreFile, evaluation.SurplusScoreIds),
                    ],
                };
            }
        );

    private static EvaluationRun Named(PredictionSet set, Func<EvaluationRun> evaluate)
    {
        try
        {
            return evaluate();
        }
        catch (DataException e)
        {
            var failed =
                set.Failed == 0 ? "" : FormattableString.Invariant($" Records that tell of an error count as missing: {set.Failed}.");
            throw new DataException($"{set.Name}: {e.Message}{failed}", e);
        }
    }

    private static EvaluationQuestion[] Questions(IReadOnlyList<QuestionRow> rows) =>
        [.. rows.Select(row => new EvaluationQuestion(row.Id, [.. row.Answers!.Select(answer => answer.Text)]))];

    private static Dictionary<string, string> Texts(PredictionSet set) =>
        set.Answers.ToDictionary(answer => answer.Id, answer => answer.Text, StringComparer.Ordinal);

    /// <summary>The scores that the predictions themselves bring: for every question of the data, or none.</summary>
    private static (IReadOnlyList<NoAnswerScore>?, string? Note) OwnScores(IReadOnlyList<QuestionRow> rows, PredictionSet set)
    {
        var ids = rows.Select(row => row.Id).ToHashSet(StringComparer.Ordinal);
        var answers = set.Answers.Where(answer => ids.Contains(answer.Id)).ToArray();
        var known = answers.Where(answer => answer.NoAnswerScore is not null).ToArray();
        if (known.Length == answers.Length && known.Length > 0)
            return ([.. known.Select(answer => new NoAnswerScore(answer.Id, answer.NoAnswerScore!.Value))], null);
        return (
            null,
            known.Length == 0
                ? null
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{set.Name}: best_* and pr_* are left out: {answers.Length - known.Length} of {answers.Length} records have no null score or no span"
                )
        );
    }

    private static QuestionOutcome[] OutcomesOf(
        IReadOnlyList<QuestionRow> rows,
        PredictionSet set,
        IReadOnlyList<QuestionScore> scores,
        Func<string, PredictedAnswer?, double?> scoreOf,
        double? threshold
    )
    {
        var rowOf = rows.ToDictionary(row => row.Id, StringComparer.Ordinal);
        return
        [
            .. scores.Select(score =>
            {
                var (row, answer) = (rowOf[score.Id], set.Find(score.Id));
                var noAnswer = scoreOf(score.Id, answer);
                var isDeclined = (noAnswer ?? 0) > threshold;
                return new QuestionOutcome
                {
                    Row = row,
                    Prediction = isDeclined ? "" : answer?.Text,
                    Score = score,
                    NoAnswerScore = noAnswer,
                    Confidence = answer?.Probability is { } probability ? new(probability, IsRight(row, answer, score, isDeclined)) : null,
                    Windows = answer?.Windows,
                };
            }),
        ];
    }

    // The probability is that of the answer as it was given, whatever a threshold made of it.
    private static bool IsRight(QuestionRow row, PredictedAnswer answer, QuestionScore score, bool isDeclined) =>
        (isDeclined ? Squad2Metrics.Score(answer.Text, [.. row.Answers!.Select(gold => gold.Text)]).Exact : score.Exact) == 1;

    private static IEnumerable<string> NotesOn(PredictionSet set, IReadOnlyList<string> missing, IReadOnlyList<string> surplus, string fate)
    {
        if (set.Failed > 0)
            yield return FormattableString.Invariant(
                $"{set.Name}: records that tell of an error: {set.Failed}; their questions count as missing"
            );
        if (missing.Count > 0)
            yield return FormattableString.Invariant(
                $"{set.Name}: questions without prediction: {missing.Count} ({PredictionCoverage.Some(missing)}); {fate}"
            );
        if (surplus.Count > 0)
            yield return FormattableString.Invariant(
                $"{set.Name}: predictions for ids that the data do not have: {surplus.Count} ({PredictionCoverage.Some(surplus)}); left aside"
            );
        if (set.DuplicateIds.Count > 0)
            yield return FormattableString.Invariant(
                $"{set.Name}: predictions that repeat an id: {set.DuplicateIds.Count} ({PredictionCoverage.Some(set.DuplicateIds)}); the last one counts"
            );
    }

    private static IEnumerable<string> NotesOn(NoAnswerScores file, IReadOnlyList<string> surplus)
    {
        if (surplus.Count > 0)
            yield return FormattableString.Invariant(
                $"{file.Name}: scores for ids that the data do not have: {surplus.Count} ({PredictionCoverage.Some(surplus)}); left aside"
            );
        if (file.DuplicateIds.Count > 0)
            yield return FormattableString.Invariant(
                $"{file.Name}: scores that repeat an id: {file.DuplicateIds.Count} ({PredictionCoverage.Some(file.DuplicateIds)}); the last one counts"
            );
    }
}
