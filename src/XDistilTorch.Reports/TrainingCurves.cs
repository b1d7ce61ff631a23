using System.Xml.Linq;
using XDistilTorch.Reports.Plots;
using XDistilTorch.Training;

namespace XDistilTorch.Reports;

/// <summary>The way of a training, step by step.</summary>
internal static class TrainingCurves
{
    private const int MostPoints = 400;

    public static IEnumerable<XElement> Of(TrainingOutcome outcome)
    {
        var last = Math.Max(
            outcome.Steps is [.., var step] ? step.Step : 0,
            outcome.Evaluations is [.., var evaluation] ? evaluation.Step : 0
        );
        var evaluations = Thinned<TrainingEvaluation>.Of(outcome.Evaluations, MostPoints, e => e.Step == outcome.KeptStep);
        List<XElement> figures = [];
        if (outcome.Steps.Count > 0)
            figures.Add(Loss(outcome.Steps, evaluations, last));
        if (evaluations.All > 0)
            figures.Add(Scores(evaluations, outcome.KeptStep, last));
        if (outcome.Steps.Count > 0)
            figures.AddRange([LearningRate(outcome.Steps, last), GradientNorm(outcome.Steps, outcome.Options.MaxGradNorm, last)]);
        return figures.Count == 0 ? [] : [Html.Text("h2", "Step by step"), PlotFigure.Row(figures)];
    }

    private static XElement Loss(IReadOnlyList<TrainingStep> steps, Thinned<TrainingEvaluation> evaluations, long last)
    {
        var curve = StepCurve.Of(steps, step => step.Loss);
        var development = evaluations.All > 0 ? " That of the development questions is without dropout." + Every(evaluations) : "";
        return PlotFigure.Of(
            TrainingPlots.Loss(curve, evaluations.Shown, last),
            "loss",
            $"Mean loss of each step's batches, before the step. {curve.Words}{development}"
        );
    }

    private static XElement Scores(Thinned<TrainingEvaluation> evaluations, long kept, long last) =>
        PlotFigure.Of(
            TrainingPlots.Scores(evaluations.Shown, kept, last),
            "scores",
            FormattableString.Invariant(
                $"Exact match and F1 on the development questions; dashed: step {kept:N0}, which is kept.{Every(evaluations)}"
            )
        );

    private static XElement LearningRate(IReadOnlyList<TrainingStep> steps, long last)
    {
        var highest = steps.MaxBy(step => step.LearningRate)!;
        var shown = Thinned<TrainingStep>.Of(steps, MostPoints, step => step == highest);
        return PlotFigure.Of(
            TrainingPlots.LearningRate(shown.Shown, last),
            "learning-rate",
            FormattableString.Invariant($"Learning rate, {Html.Rate(highest.LearningRate)} at its highest, in step {highest.Step:N0}.")
                + (shown.Every > 1 ? FormattableString.Invariant($" Drawn: one step of {shown.Every:N0}, the last and the highest.") : "")
        );
    }

    private static XElement GradientNorm(IReadOnlyList<TrainingStep> steps, double most, long last)
    {
        var curve = StepCurve.Of(steps, step => step.GradNorm);
        var shortened = most > 0 ? steps.Count(step => step.GradNorm > most) : 0;
        return PlotFigure.Of(
            TrainingPlots.GradientNorm(curve, shortened > 0 ? most : null, last),
            "gradient-norm",
            $"Length of the gradients before they were shortened. {curve.Words} "
                + (
                    most == 0
                        ? "They are not shortened."
                        : FormattableString.Invariant(
                            $"Longer than {most:0.###} and shortened to it: {shortened:N0} of {steps.Count:N0} steps."
                        )
                )
        );
    }

    private static string Every(Thinned<TrainingEvaluation> evaluations) =>
        evaluations.Every > 1
            ? FormattableString.Invariant($" Drawn: one evaluation of {evaluations.Every:N0}, the last and the kept one.")
            : "";
}
