using System.Xml.Linq;
using XDistilTorch.Evaluation;
using XDistilTorch.Reports.Plots;

namespace XDistilTorch.Reports;

/// <summary>Plots with the tables behind them.</summary>
internal static class PlotSections
{
    public static IEnumerable<XElement> Scores(EvaluationReport report)
    {
        var figures = new List<XElement>();
        if (report.PrecisionRecall.Count > 0)
            figures.Add(
                PlotFigure.Of(
                    EvaluationPlots.PrecisionRecall(report.PrecisionRecall),
                    "precision-recall",
                    "Precision and recall of exact matches when questions are answered up to some no-answer score."
                )
            );
        if (report.Questions.Any(outcome => outcome.NoAnswerScore is not null))
            figures.Add(
                PlotFigure.Of(
                    EvaluationPlots.NoAnswerScores(report.Questions),
                    "no-answer-scores",
                    "Scores for \"no answer\" of questions with and without answer: the less they overlap, the better the model knows when to be silent."
                )
            );
        return figures.Count == 0 ? [] : [Html.Text("h2", "No answer"), PlotFigure.Row(figures)];
    }

    public static IEnumerable<XElement> Calibration(AnswerCalibration? calibration, IReadOnlyList<QuestionOutcome> outcomes)
    {
        if (calibration is null)
            return [];
        var reliability = calibration.Reliability;
        var curve = CoveragePoint.Curve(outcomes.Select(outcome => outcome.Confidence).OfType<AnswerConfidence>());
        return
        [
            Html.Text("h2", "Probabilities"),
            PlotFigure.Row([
                PlotFigure.Of(
                    EvaluationPlots.Reliability(reliability),
                    "reliability",
                    $"Reliability: expected calibration error {Html.Number(reliability.ExpectedError, "0.0000")}, largest gap {Html.Number(reliability.MaximumError, "0.0000")}, Brier score {Html.Number(reliability.BrierScore, "0.0000")}."
                ),
                PlotFigure.Of(EvaluationPlots.Coverage(curve), "coverage", "What is right when only the surest answers are given."),
            ]),
            Html.Table(
                ["wanted accuracy", "share answered", "questions", "accuracy", "from probability"],
                calibration.Coverage.Select(entry =>
                    new[]
                    {
                        Html.Number(entry.Key, "0 %"),
                        Html.Number(entry.Value.Share, "0.0 %"),
                        Html.Number(entry.Value.Count, "0"),
                        Html.Number(entry.Value.Accuracy, "0.0 %"),
                        Html.Number(entry.Value.Probability, "0.000"),
                    }
                )
            ),
        ];
    }

    public static IEnumerable<XElement> Breakdowns(IReadOnlyList<Breakdown> breakdowns)
    {
        yield return Html.Text("h2", "Where the figures come from");
        yield return PlotFigure.Row(
            breakdowns.Select(breakdown =>
            {
                var title = Title(breakdown.Name);
                var figure = PlotFigure.Of(EvaluationPlots.Groups(breakdown, title), breakdown.Name, $"Exact match and F1 by {title}.");
                figure.Add(
                    Html.Table(
                        [title, "questions", "exact", "F1"],
                        breakdown.Groups.Select(group =>
                            new[]
                            {
                                group.Name,
                                Html.Number(group.Figures.Total, "0"),
                                Html.Number(group.Figures.Exact),
                                Html.Number(group.Figures.F1),
                            }
                        )
                    )
                );
                return figure;
            })
        );
    }

    private static string Title(string breakdown) =>
        breakdown switch
        {
            "question_word" => "question word",
            "answer_length" => "length of the gold answer in words",
            "context_length" => "length of the context in words",
            _ => "number of windows",
        };
}
