using System.Globalization;
using System.Xml.Linq;
using XDistilTorch.Training;

namespace XDistilTorch.Reports;

/// <summary>The evaluations in figures.</summary>
internal static class EvaluationTable
{
    private const int MostRows = 100;

    public static IEnumerable<XElement> Of(TrainingOutcome outcome)
    {
        if (outcome.Evaluations.Count == 0)
            yield break;
        var rows = Thinned<TrainingEvaluation>.Of(outcome.Evaluations, MostRows, evaluation => evaluation.Step == outcome.KeptStep);
        yield return Html.Text("h2", "Evaluations");
        if (rows.Every > 1)
            yield return Html.Text(
                    "p",
                    FormattableString.Invariant($"One of {rows.Every:N0} of the {rows.All:N0} evaluations, the last and the kept one.")
                )
                .WithClass("quiet");
        yield return Html.Table(
            ["step", "epoch", "loss", "exact", "F1"],
            rows.Shown.Select(evaluation =>
                new[]
                {
                    evaluation.Step.ToString("N0", CultureInfo.InvariantCulture) + (evaluation.Step == outcome.KeptStep ? " (kept)" : ""),
                    Html.Number(evaluation.Epoch),
                    Html.Number(evaluation.Loss, "0.0000"),
                    Html.Number(evaluation.Exact),
                    Html.Number(evaluation.F1),
                }
            )
        );
    }
}
