namespace XDistilTorch.Inspection.Comparison;

/// <summary>A summary in the making: question after question goes in, and what is held does not grow with them.</summary>
public sealed class ComparisonSummaryBuilder
{
    private const int MostChanged = 20, // of each kind
        MostExtremes = 5;

    private readonly IReadOnlyList<ParameterMovement> parameters;
    private readonly RunningScores scores = new();
    private readonly Distribution answers = new();

    // Now right, now wrong, as right as before.
    private readonly Foremost<QuestionComparison>[] changedAnswers =
    [
        .. Enumerable
            .Range(0, 3)
            .Select(_ => new Foremost<QuestionComparison>(MostChanged, q => (Math.Abs(q.F1Change), q.AnswerDivergence))),
    ];
    private readonly Foremost<QuestionComparison> leastSimilar = new(MostExtremes, q => (-q.LastSimilarity, 0)),
        attentionMost = new(MostExtremes, q => (q.MeanDivergence, 0)),
        answersMost = new(MostExtremes, q => (q.AnswerDivergence, 0));
    private Distribution[] similarity = [];
    private Distribution[][] divergence = [];
    private long questions,
        windows,
        changed;

    /// <summary>A summary of no question yet.</summary>
    /// <param name="parameters">How far the parameters moved.</param>
    public ComparisonSummaryBuilder(IReadOnlyList<ParameterMovement> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        this.parameters = parameters;
    }

    /// <summary>Takes a question in; all of one pair of models.</summary>
    public void Add(QuestionComparison question)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (questions++ == 0)
        {
            similarity = [.. question.Similarity.Select(_ => new Distribution())];
            divergence = [.. question.Divergence.Select(heads => heads.Select(_ => new Distribution()).ToArray())];
        }
        windows += question.Windows;
        for (var layer = 0; layer < similarity.Length; layer++)
            similarity[layer].Add(question.Similarity[layer]);
        for (var layer = 0; layer < divergence.Length; layer++)
        for (var head = 0; head < divergence[layer].Length; head++)
            divergence[layer][head].Add(question.Divergence[layer][head]);
        answers.Add(question.AnswerDivergence);
        scores.Add(question);
        Keep(question);
    }

    private void Keep(QuestionComparison question)
    {
        if (question.IsChanged)
        {
            changed++;
            changedAnswers[
                question.ExactChange switch
                {
                    > 0 => 0,
                    < 0 => 1,
                    0 => 2,
                }
            ]
                .Add(question);
        }
        leastSimilar.Add(question);
        attentionMost.Add(question);
        answersMost.Add(question);
    }

    /// <summary>The summary of what was taken in so far.</summary>
    /// <exception cref="InspectionException">That is nothing.</exception>
    public ComparisonSummary Build() =>
        questions == 0
            ? throw new InspectionException("there is no question to compare the models on, expected at least one.")
            : new ComparisonSummary
            {
                Questions = questions,
                Windows = windows,
                Similarity = [.. similarity.Select(Spread.Of)],
                Divergence = [.. divergence.Select(heads => heads.Select(Spread.Of).ToArray())],
                AnswerDivergence = Spread.Of(answers),
                Changed = changed,
                Scores = scores.Build(),
                Parameters = parameters,
                ChangedAnswers = [.. changedAnswers.SelectMany(kind => kind.Ranked)],
                LeastSimilar = leastSimilar.Ranked,
                AttentionMost = attentionMost.Ranked,
                AnswersMost = answersMost.Ranked,
            };
}
