namespace XDistilTorch.Evaluation;

/// <summary>The ids of a data set: each once.</summary>
internal sealed class QuestionIds
{
    private readonly IReadOnlyList<EvaluationQuestion> questions;
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);

    private QuestionIds(IReadOnlyList<EvaluationQuestion> questions) => this.questions = questions;

    /// <exception cref="DataException">There is no question, or there are two of one id.</exception>
    public static QuestionIds Of(IReadOnlyList<EvaluationQuestion> questions)
    {
        if (questions.Count == 0)
            throw new DataException("there are no questions to evaluate; expected at least one. Is it the right file?");
        var found = new QuestionIds(questions);
        var twice = questions.Where(question => !found.ids.Add(question.Id)).Select(question => question.Id).ToArray();
        if (twice.Length > 0)
            throw new DataException(
                $"{twice.Length} questions have the id of an earlier one ('{twice[0]}' is the first); expected every id once, since "
                    + "predictions are found by it. `xdistil data check` lists the places."
            );
        return found;
    }

    public bool Contains(string id) => ids.Contains(id);

    /// <summary>Those without an entry, in the order of the data set.</summary>
    public string[] MissingFrom<TValue>(IReadOnlyDictionary<string, TValue> entries) =>
        [.. questions.Select(question => question.Id).Where(id => !entries.ContainsKey(id))];

    /// <summary>Those that no question has, in their own order.</summary>
    public string[] SurplusIn(IEnumerable<string> entries) => [.. entries.Where(id => !ids.Contains(id))];
}
