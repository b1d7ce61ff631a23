using XDistilTorch.Evaluation;

namespace XDistilTorch.Inspection.Comparison;

/// <summary>How right two models are on the questions whose right answers are known (SQuAD 2.0, in points of 100).</summary>
/// <param name="Questions">How many those are.</param>
/// <param name="ExactBefore">Exact match of the model before.</param>
/// <param name="ExactAfter">Exact match of the model after.</param>
/// <param name="F1Before">F1 of the model before.</param>
/// <param name="F1After">F1 of the model after.</param>
/// <param name="McNemar">The exact test on exact matches; the first is the model before.</param>
public sealed record ComparedScores(
    long Questions,
    double ExactBefore,
    double ExactAfter,
    double F1Before,
    double F1After,
    McNemarTest McNemar
);

/// <summary>Scores in the making.</summary>
internal sealed class RunningScores
{
    private (long Exact, double F1) before,
        after;
    private long questions;
    private int onlyBefore,
        onlyAfter;

    public void Add(QuestionComparison question)
    {
        if (question is not { Before.Score: { } was, After.Score: { } now })
            return;
        questions++;
        before = (before.Exact + was.Exact, before.F1 + was.F1);
        after = (after.Exact + now.Exact, after.F1 + now.F1);
        onlyBefore += question.ExactChange < 0 ? 1 : 0;
        onlyAfter += question.ExactChange > 0 ? 1 : 0;
    }

    /// <summary>Null where no question says what is right.</summary>
    public ComparedScores? Build()
    {
        double Points(double sum) => 100 * sum / questions;
        return questions == 0
            ? null
            : new ComparedScores(
                questions,
                Points(before.Exact),
                Points(after.Exact),
                Points(before.F1),
                Points(after.F1),
                McNemarTest.Of(onlyBefore, onlyAfter)
            );
    }
}
